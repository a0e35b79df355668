/* Scoring a call with the keys, and jumping to a second of the recording. Without it radio buttons and links still do. */
(() => {
  "use strict";
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const STEP = 5;
  const SPEEDS = [1, 1.25, 1.5, 2];
  const player = () => $("#player");
  const on = (type, selector, act) =>
    document.addEventListener(type, (event) => {
      const target = event.target.closest?.(selector);
      if (target) act(target, event);
    });
  const play = () => player().play()?.catch(() => {}); // a file that is gone shows in the player itself
  const move = (by) => (player().currentTime = Math.max(0, player().currentTime + by));
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

  on("click", "[data-seek]", (mark, event) => {
    if (!player()) return;
    event.preventDefault();
    player().currentTime = Number(mark.dataset.seek);
    play();
  });
  on("click", "[data-skip]", (button) => player() && move(Number(button.dataset.skip)));
  on("click", "[data-speed]", (button) => {
    const next = SPEEDS[(SPEEDS.indexOf(player().playbackRate) + 1) % SPEEDS.length];
    player().playbackRate = next;
    button.textContent = `${next}×`;
  });

  const box = $("[data-monitor]");
  if (!box) return;

  /* ---------- the item one is at ---------- */
  const items = $$("[data-item]", box);
  const scored = items.filter((item) => item.dataset.item === "");
  const isOpen = (item) => !$("input[type=radio]:checked", item);
  let current = scored.find(isOpen) ?? scored[0];
  function mark(item) {
    if (!item) return;
    current = item;
    items.forEach((one) => one.classList.toggle("cur", one === item));
  }
  function go(item) {
    if (!item) return;
    mark(item);
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "center" });
  }
  function nextOpen() {
    const place = scored.indexOf(current);
    const open = [...scored.slice(place + 1), ...scored.slice(0, place + 1)].find(isOpen);
    if (open) go(open);
    else window.kp?.toast(box.dataset.done, "ok");
  }
  const beside = (by) => go(items[Math.min(items.length - 1, Math.max(0, items.indexOf(current) + by))]);
  function choose(key) {
    const input = $(`input[data-key="${CSS.escape(key)}"]`, current);
    if (!input) return;
    if (!input.checked) {
      input.checked = true;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (current.dataset.item === "") nextOpen();
    else if (input.hasAttribute("data-fatal")) comment();
  }
  const stamp = (item) => {
    const at = $("[name^='at-']", item);
    if (at && !at.value && player()?.currentTime > 0) at.value = clock(player().currentTime);
  };
  function comment() {
    const details = $("details", current);
    if (details) details.open = true;
    stamp(current);
    const field = $("textarea", current);
    if (field?.id === "fatal_note" && !field.value && player()?.currentTime > 0) field.value = `${clock(player().currentTime)} `;
    field?.focus({ preventScroll: true });
    field?.scrollIntoView({ block: "center" });
  }

  mark(current);
  box.addEventListener("focusin", ({ target }) => mark(target.closest("[data-item]")));
  box.addEventListener("change", ({ target }) => {
    const item = target.closest("[data-item]");
    if (!item) return;
    mark(item);
    item.classList.toggle("open", isOpen(item));
  });
  box.addEventListener("toggle", ({ target }) => target.open && stamp(target.closest("[data-item]")), true);
  document.addEventListener("kp:missing", ({ detail }) => {
    if (detail.field === "fatal_note") return (mark($("[data-item=fatal]", box)), comment());
    const open = scored.find(isOpen);
    if (open) go(open);
  });

  /* ---------- keys; taken before the page's own so that J, K and N mean items here ---------- */
  const typing = (element) =>
    element.matches("textarea, select, [contenteditable], input:not([type=radio]):not([type=checkbox])");
  const KEYS = {
    j: () => beside(1),
    k: () => beside(-1),
    arrowdown: () => beside(1),
    arrowup: () => beside(-1),
    n: nextOpen,
    c: comment,
    x: () => choose("X"),
    f: () => go($("[data-item=fatal]", box)),
    " ": () => player() && (player().paused ? play() : player().pause()),
    arrowleft: () => player() && move(-STEP),
    arrowright: () => player() && move(STEP),
  };
  document.addEventListener("keydown", (event) => {
    if ($("dialog[open]") || event.isComposing) return;
    const here = event.target;
    let act = null;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) act = () => (here.blur?.(), $("[data-hand-in]").click());
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (typing(here)) {
      if (event.key === "Escape") act = () => (here.blur(), go(current));
      else if (event.key === "Enter" && here.matches("[name^='at-']")) act = () => $("textarea", current).focus();
    } else if ((event.key === " " || event.key === "Enter") && here.matches("button, a, summary, audio")) return;
    else if (/^[0-9]$/.test(event.key)) act = () => choose(event.key);
    else act = KEYS[event.key.toLowerCase()] ?? null;
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }, true);
})();
