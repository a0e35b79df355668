/* The calibration board: cards are dragged or moved with the keyboard, and others' moves come in by themselves.
   What a move asks and what follows from it is the server's dialog; here is only the way there. */
(() => {
  "use strict";
  const board = document.getElementById("board");
  const watched = document.querySelector("[data-polls]");
  if (!watched) return;
  const POLL = 3000;
  const START = 5; // so many pixels of the pointer make a drag of a press
  const said = document.getElementById("board-said");
  const say = (text) => said && (said.textContent = text);
  const isAsking = () => document.querySelector("dialog[open]") !== null;
  let drag = null;

  if (board && matchMedia("(max-width: 767px)").matches) {
    location.replace(board.dataset.table + location.search);
    return;
  }

  /* ---------- lanes and cards ---------- */
  const lanes = () => [...board.querySelectorAll(".lane")];
  const cardsOf = (lane) => [...lane.querySelectorAll(".pc")];
  const laneOf = (card) => card.closest(".lane");
  const order = (card) => Number(card.dataset.order);
  const mayMove = () => board.dataset.moves !== undefined;
  const open = (card, to = "") => {
    const path = `${board.dataset.placeUrl}${card.dataset.pk}/`;
    focusOn(card);
    window.htmx.ajax("GET", to ? `${path}move/?to=${to}` : path, { target: "#kp-dialog", source: card });
  };

  /* one card at a time can be reached by tab, the arrows go on from there */
  let current = "";
  function focusOn(card, { scroll = true } = {}) {
    if (!card) return;
    board.querySelectorAll('.pc[tabindex="0"]').forEach((one) => (one.tabIndex = -1));
    card.tabIndex = 0;
    current = card.id;
    card.focus({ preventScroll: !scroll, focusVisible: true });
  }
  function settle() {
    const card = (current && document.getElementById(current)) || board.querySelector(".pc");
    if (card) card.tabIndex = 0;
  }
  const near = (lane, rank) =>
    cardsOf(lane).reduce((best, card) => (!best || Math.abs(order(card) - rank) < Math.abs(order(best) - rank) ? card : best), null);
  function step(card, key) {
    const all = lanes();
    const mine = cardsOf(laneOf(card));
    const at = mine.indexOf(card);
    if (key === "ArrowUp") return mine[at - 1];
    if (key === "ArrowDown") return mine[at + 1];
    if (key === "Home") return mine[0];
    if (key === "End") return mine.at(-1);
    const way = key === "ArrowLeft" ? -1 : 1;
    for (let n = all.indexOf(laneOf(card)) + way; all[n]; n += way) {
      const found = near(all[n], order(card));
      if (found) return found;
    }
    return null;
  }
  const KEYS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"];
  board?.addEventListener("keydown", (event) => {
    const card = event.target.closest(".pc");
    if (!card || event.ctrlKey || event.metaKey || event.altKey || isAsking()) return;
    if (KEYS.includes(event.key)) {
      event.preventDefault();
      const next = step(card, event.key);
      if (!next) return;
      focusOn(next);
      const mine = cardsOf(laneOf(next));
      say(board.dataset.saidAt.replace("%grade", laneOf(next).dataset.grade).replace("%n", mine.indexOf(next) + 1).replace("%all", mine.length));
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      open(card);
    } else if (mayMove() && /^[1-9]$/.test(event.key)) {
      const lane = lanes()[Number(event.key) - 1];
      event.preventDefault();
      if (lane && (lane !== laneOf(card) || card.classList.contains("tie"))) open(card, lane.dataset.grade);
    }
  });
  board?.addEventListener("click", (event) => {
    const card = event.target.closest(".pc");
    if (!card || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(card);
  });

  /* ---------- finding somebody among hundreds ---------- */
  const find = document.getElementById("board-find");
  const told = document.getElementById("board-found");
  const matches = () => [...board.querySelectorAll(".pc.found")];
  function mark() {
    const word = find.value.trim().toLowerCase();
    board.classList.toggle("finding", word !== "");
    for (const card of board.querySelectorAll(".pc"))
      card.classList.toggle("found", word !== "" && `${card.dataset.no} ${card.querySelector("a").textContent}`.toLowerCase().includes(word));
    const n = matches().length;
    told.textContent = word === "" ? "" : n ? find.dataset.many.replace("%n", n) : find.dataset.none;
  }
  function toNext() {
    const found = matches();
    const next = found[found.findIndex((card) => card.id === current) + 1] ?? found[0];
    if (!next) return;
    focusOn(next);
    next.scrollIntoView({ block: "center" });
  }
  find?.addEventListener("input", mark);
  find?.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      toNext();
    } else if (event.key === "Escape") {
      find.value = "";
      mark();
    }
  });
  board?.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && board.classList.contains("finding") && !drag && !isAsking()) find.focus();
  });

  /* ---------- dragging ---------- */
  board?.addEventListener("dragstart", (event) => event.preventDefault()); // the link's own dragging
  board?.addEventListener("pointerdown", (event) => {
    const card = event.target.closest(".pc");
    if (!card || !mayMove() || event.button !== 0 || event.pointerType === "touch" || isAsking()) return;
    drag = { card, x: event.clientX, y: event.clientY, ghost: null, lane: null };
  });
  function begin() {
    const box = drag.card.getBoundingClientRect();
    drag.dx = drag.x - box.left;
    drag.dy = drag.y - box.top;
    drag.ghost = drag.card.cloneNode(true);
    drag.ghost.removeAttribute("id");
    drag.ghost.classList.add("ghost");
    drag.ghost.style.width = `${box.width}px`;
    drag.mark = Object.assign(document.createElement("li"), { className: "drop" });
    document.body.append(drag.ghost);
    document.body.classList.add("dragging");
    drag.card.classList.add("gone");
  }
  function over(x, y) {
    drag.ghost.style.transform = `translate(${x - drag.dx}px, ${y - drag.dy}px)`;
    const lane = document.elementFromPoint(x, y)?.closest(".lane") ?? null;
    if (lane === drag.lane) return;
    drag.lane?.classList.remove("into");
    drag.mark.remove();
    drag.lane = lane;
    const isOther = lane && (lane !== laneOf(drag.card) || drag.card.classList.contains("tie"));
    if (!isOther) return;
    lane.classList.add("into");
    const cards = cardsOf(lane).filter((one) => one !== drag.card);
    const below = cards.find((one) => order(one) > order(drag.card));
    drag.mark.textContent = board.dataset.drop.replace("%n", below ? cards.indexOf(below) + 1 : cards.length + 1);
    lane.querySelector("ul").insertBefore(drag.mark, below ?? null);
  }
  function end(isDropped) {
    if (!drag) return;
    const { card, ghost, mark, lane } = drag;
    drag = null;
    if (!ghost) return;
    ghost.remove();
    mark.remove();
    lane?.classList.remove("into");
    card.classList.remove("gone");
    document.body.classList.remove("dragging");
    // the click that follows a drop isn't a click on the card
    const swallow = (event) => (event.preventDefault(), event.stopPropagation());
    addEventListener("click", swallow, { capture: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }), 60);
    if (isDropped && lane && (lane !== laneOf(card) || card.classList.contains("tie"))) open(card, lane.dataset.grade);
  }
  addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (!drag.ghost && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < START) return;
    if (!drag.ghost) begin();
    if (event.clientY < 60) scrollBy(0, -16);
    if (event.clientY > innerHeight - 60) scrollBy(0, 16);
    over(event.clientX, event.clientY);
  });
  addEventListener("pointerup", () => end(true));
  addEventListener("pointercancel", () => end(false));
  addEventListener("keydown", (event) => event.key === "Escape" && drag && end(false));

  /* ---------- the dialog stands clear of the two lanes, and gives the focus back ---------- */
  const dialog = document.getElementById("kp-dialog");
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target !== dialog) return;
    const stand = dialog.querySelector("[data-stand]")?.dataset.stand;
    if (stand) dialog.dataset.stand = stand;
    else delete dialog.dataset.stand;
    dialog.querySelector("[autofocus]")?.focus();
  });
  dialog?.addEventListener("click", (event) => {
    if (!event.target.closest("[data-shut]")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog?.addEventListener("close", () => {
    delete dialog.dataset.stand;
    if (board && current) focusOn(document.getElementById(current), { scroll: false });
  });

  /* ---------- others' moves ---------- */
  const sync = document.querySelector("[data-sync]");
  let asking = false;
  function take(page) {
    const fresh = page.querySelector('[data-live="board"]');
    const now = board.querySelector('[data-live="board"]');
    if (fresh.dataset.state !== now.dataset.state) return location.reload();
    const had = document.activeElement?.closest?.(".pc") !== null;
    const before = new Map([...now.querySelectorAll(".pc")].map((card) => [card.id, laneOf(card).dataset.grade]));
    for (const part of page.querySelectorAll("[data-live]"))
      document.querySelector(`[data-live="${part.dataset.live}"]`)?.replaceWith(document.adoptNode(part));
    settle();
    mark();
    if (had && current) focusOn(document.getElementById(current), { scroll: false });
    const news = [...page.querySelectorAll("#news li")];
    for (const line of news) {
      window.kp.toast(line.textContent.trim(), "info");
      const card = line.dataset.pk && document.getElementById(`c${line.dataset.pk}`);
      if (card && before.get(card.id) !== laneOf(card).dataset.grade) card.classList.add("news");
    }
    if (news.length) say(news.map((line) => line.textContent.trim()).join("，"));
    return null;
  }
  async function look() {
    if (asking || drag || document.hidden || isAsking()) return;
    asking = true;
    const seen = (board?.querySelector('[data-live="board"]') ?? watched).dataset;
    const query = new URLSearchParams({ pool: watched.dataset.pool, revision: seen.revision, since: seen.last });
    try {
      const answer = await fetch(`${watched.dataset.liveUrl}?${query}`, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
      sync?.classList.remove("t-warn");
      if (answer.status === 204 || !answer.ok || answer.redirected) return;
      if (!board) document.getElementById("fresh").hidden = false;
      else if (!drag && !isAsking()) take(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      sync?.classList.add("t-warn"); // the network is gone; the next question tries again
    } finally {
      asking = false;
    }
  }
  setInterval(look, POLL);
  document.addEventListener("kp:board", () => setTimeout(look));
  document.addEventListener("visibilitychange", look);
  if (board) settle();
})();
