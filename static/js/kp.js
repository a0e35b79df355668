/* Behaviour of the pages: keys, saving as you type, dialogs, toasts, steppers, scroll spy. No eval, no inline code;
   what must work without a script does (radio buttons, details, popover, forms). */
(() => {
  "use strict";
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const words = () => $("#kp-words")?.dataset ?? {};
  const pictures = () => [...($("#kp-icons")?.content.children ?? [])];
  const PICTURE = { saved: 0, offline: 1, saving: 2, ok: 3, late: 4, info: 5, x: 6 };
  const picture = (name) => pictures()[PICTURE[name]]?.cloneNode(true) ?? document.createTextNode("");
  const on = (type, selector, act) =>
    document.addEventListener(type, (event) => {
      const target = event.target.closest?.(selector);
      if (target) act(target, event);
    });

  /* ---------- toasts: failures stay until closed ---------- */
  function toast(text, kind = "ok", { undo = "", number = "" } = {}) {
    const box = document.createElement("div");
    box.className = "toast-k";
    box.setAttribute("role", kind === "late" ? "alert" : "status");
    $$("#kp-toasts .toast-k").filter((old) => old.dataset.said === text).forEach((old) => old.remove());
    box.dataset.said = text;
    const said = document.createElement("span");
    said.className = "grow";
    said.textContent = number ? `${text} ${words().number} ${number}` : text;
    const close = document.createElement("button");
    close.type = "button";
    close.dataset.close = "";
    close.setAttribute("aria-label", words().close);
    close.append(picture("x"));
    box.append(picture(kind), said);
    if (undo) {
      const back = document.createElement("button");
      back.type = "button";
      back.className = "lk";
      back.textContent = words().undo;
      back.addEventListener("click", () => {
        window.htmx?.ajax("POST", undo, { source: document.body, swap: "none" });
        box.remove();
      });
      box.append(back);
    }
    box.append(close);
    $("#kp-toasts")?.append(box);
    if (kind !== "late") leave(box);
    return box;
  }
  const leave = (box) => setTimeout(() => box.matches(":hover, :focus-within") ? leave(box) : box.remove(), 6000);
  $$("[data-toast]").forEach((box) => box.dataset.toast !== "error" && leave(box));
  document.addEventListener("kp:toast", ({ detail }) => toast(detail.text ?? detail.value, detail.kind, detail));

  /* ---------- dialogs, menus, small switches ---------- */
  on("click", "[data-dialog]", (button, event) => {
    event.preventDefault();
    $(button.dataset.dialog)?.showModal();
  });
  on("click", "[data-close]", (button) => (button.closest("dialog")?.close(), button.closest(".toast-k")?.remove()));
  on("click", "dialog", (dialog, event) => event.target === dialog && !dialog.querySelector("textarea, input") && dialog.close());
  on("click", "[data-toggle]", (button) => {
    $$(button.dataset.toggle).forEach((part) => (part.hidden = !part.hidden));
  });
  on("click", "[data-print]", () => print());
  on("click", "[data-reload]", () => location.reload());
  on("click", "[data-reveal]", (button) => {
    const field = $(button.dataset.reveal);
    field.type = field.type === "password" ? "text" : "password";
    button.setAttribute("aria-pressed", String(field.type === "text"));
  });
  on("click", "[data-theme-switch] button", (button) => {
    document.dispatchEvent(new CustomEvent("kp:theme", { detail: button.dataset.look }));
    $$("[data-theme-switch] button").forEach((one) =>
      one.setAttribute("aria-pressed", String(one.dataset.look === button.dataset.look)));
  });
  document.addEventListener("click", ({ target }) =>
    $$("details.menu[open]").forEach((menu) => menu.contains(target) || (menu.open = false)));
  on("change", "select[data-submit], input[data-submit]", (field) => field.form.requestSubmit());

  /* tick all, and a button that says how many */
  on("change", "input[type=checkbox]", (box) => {
    const name = box.dataset.all ?? box.name;
    if (!name) return;
    const group = $$(`input[type=checkbox][name="${CSS.escape(name)}"]:not(:disabled)`);
    if (box.dataset.all) group.forEach((one) => (one.checked = box.checked));
    const count = group.filter((one) => one.checked).length;
    $$(`[data-all="${CSS.escape(name)}"]`).forEach((all) => {
      all.checked = count > 0 && count === group.length;
      all.indeterminate = count > 0 && count < group.length;
    });
    $$(`[data-count-of="${CSS.escape(name)}"]`).forEach((part) => {
      part.textContent = part.dataset.text.replace("%n", count);
      if (part.tagName === "BUTTON") part.disabled = count === 0;
    });
  });

  /* points by - and +, in hundredths so that 0.1 + 0.2 stays 0.30 */
  on("click", ".step button", (button) => {
    const field = $("input", button.parentElement);
    const cents = (text) => Math.round(Number(text) * 100);
    const low = cents(field.min || 0);
    const high = field.max === "" ? Infinity : cents(field.max);
    const next = Math.min(high, Math.max(low, cents(field.value || 0) + cents(button.dataset.by)));
    field.value = (next / 100).toFixed(2);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });

  /* ---------- keys: 1-5 score, N next gap, J / K next and previous person ---------- */
  const typing = (element) =>
    element.matches("textarea, select, [contenteditable], input:not([type=radio]):not([type=checkbox])");
  const GAPS = ".lv:not(.ro):not(:has(:checked)), .step input:placeholder-shown, .inp[data-need]:placeholder-shown, [data-gap]";
  function nextGap() {
    const gaps = $$(GAPS).filter((gap) => gap.checkVisibility());
    if (!gaps.length) return;
    const here = document.activeElement;
    const after = gaps.find((gap) => !gap.contains(here) && here.compareDocumentPosition(gap) & Node.DOCUMENT_POSITION_FOLLOWING);
    const gap = after ?? gaps[0];
    gap.scrollIntoView({ block: "center" });
    (gap.matches("input") ? gap : $("input, a, button", gap) ?? gap).focus({ preventScroll: true, focusVisible: true });
    $$("tr.cur[data-cur]").forEach((row) => (row.classList.remove("cur"), delete row.dataset.cur));
    const row = gap.closest(".sl tr");
    if (row && !row.classList.contains("cur")) (row.classList.add("cur"), (row.dataset.cur = ""));
  }
  on("click", "[data-next-gap]", (_button, event) => (event.preventDefault(), nextGap()));
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "k" && $("[data-search]")) {
      event.preventDefault();
      return $("[data-search]").click();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
    const strip = event.target.closest("[data-lv]");
    const level = strip && $(`input[value="${CSS.escape(event.key)}"]`, strip);
    if (level) {
      event.preventDefault();
      if (!level.checked) {
        level.checked = true;
        level.dispatchEvent(new Event("change", { bubbles: true }));
      }
      level.focus({ focusVisible: true });
    } else if (event.key === "n") (event.preventDefault(), nextGap()); // or the letter lands in the field
    else if (event.key === "j") $("a[data-next-person]")?.click();
    else if (event.key === "k") $("a[data-prev-person]")?.click();
  });
  on("change", ".lv input", (input) =>
    $$("label", input.closest(".lv")).forEach((label) => label.classList.toggle("on", label.contains(input))));

  /* ---------- saving as you type ---------- */
  const unsaved = new Set();
  function state(name, text) {
    $$(".saved[data-saved]").forEach((box) => {
      box.classList.toggle("warn", name === "offline");
      box.replaceChildren(picture(name), Object.assign(document.createElement("span"), { textContent: text }));
    });
  }
  const time = () => new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const autosave = (element) => element?.closest?.("[data-autosave]");
  const saving = new Set();
  const held = new WeakSet();
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (!autosave(detail.elt)) return;
    saving.add(detail.elt);
    state("saving", words().saving);
  });
  document.addEventListener("submit", (event) => { // a form sent by hand waits for its saving, which gives it its version
    const { target: form, submitter } = event;
    const waits = () => [...saving].some((element) => form.contains(element));
    if (!waits()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (held.has(form)) return;
    held.add(form);
    const go = () => waits() ? setTimeout(go, 40) : (held.delete(form), form.requestSubmit(submitter));
    setTimeout(go, 40);
  }, true);
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    saving.delete(detail.elt);
    if (!autosave(detail.elt) || !detail.successful) return;
    unsaved.delete(detail.elt);
    $$("[aria-invalid=true]", detail.elt).forEach((field) => field.removeAttribute("aria-invalid"));
    if (unsaved.size === 0) state("saved", `${words().saved} ${time()}`);
  });
  const lost = ({ detail }) => {
    if (autosave(detail.elt)) {
      unsaved.add(detail.elt);
      state("offline", words().offline);
    } else toast(words().offline, "late");
  };
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:timeout", lost);
  const again = () => unsaved.forEach((element) => element.isConnected ? window.htmx.trigger(element, "change") : unsaved.delete(element));
  addEventListener("online", again);
  setInterval(() => navigator.onLine && unsaved.size && again(), 20000);
  addEventListener("beforeunload", (event) => unsaved.size && event.preventDefault());

  /* ---------- refusals: 422 shows the part with its faults, 409 both values, the rest says why ---------- */
  function spoken(xhr) {
    const type = xhr.getResponseHeader("Content-Type") ?? "";
    if (type.includes("json")) {
      try {
        const body = JSON.parse(xhr.responseText);
        return body.message ?? body.detail ?? "";
      } catch {
        return "";
      }
    }
    if (type.includes("text/plain")) return xhr.responseText;
    const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
    return $("[data-error]", page)?.textContent.trim() ?? "";
  }
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { status } = detail.xhr;
    const isPart = (detail.xhr.getResponseHeader("Content-Type") ?? "").includes("text/html");
    if (status === 422 && isPart) {
      detail.shouldSwap = true;
      detail.isError = false;
    } else if (status === 409 && isPart) {
      detail.shouldSwap = true;
      detail.isError = false;
      detail.target = $("#kp-dialog");
      detail.swapOverride = "innerHTML";
      detail.kpConflict = true;
    }
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    const dialog = $("#kp-dialog");
    if (detail.target !== dialog) return;
    const mine = detail.requestConfig?.triggeringEvent?.target?.value;
    if (mine !== undefined) $$("[data-mine]", dialog).forEach((part) => (part.textContent = mine));
    const title = $("h2", dialog);
    if (title) dialog.setAttribute("aria-label", title.textContent);
    if (dialog.childElementCount === 0) dialog.close();
    else if (!dialog.open) dialog.showModal();
    if (detail.xhr?.status === 409) state("offline", words().conflict);
  });
  document.addEventListener("htmx:responseError", ({ detail }) => {
    const { status } = detail.xhr;
    const said = spoken(detail.xhr);
    const number = detail.xhr.getResponseHeader("X-Error-Number") ?? "";
    if (status >= 500) toast(words().failed, "late", { number });
    else if (status === 401 || (status === 403 && !said)) toast(words().expired, "late");
    else toast(said || (status === 404 ? words().gone : words().refused), "late");
    if (!autosave(detail.elt)) return;
    if (status >= 500) unsaved.add(detail.elt);
    state("offline", status >= 500 ? words().failed : words().refused);
    const field = detail.requestConfig?.triggeringEvent?.target;
    if (status < 500 && field?.matches?.("input, textarea, select")) field.setAttribute("aria-invalid", "true");
  });

  /* ---------- scroll spy of chips and rail ---------- */
  const spies = () => $$("[data-spy]");
  function spy() {
    for (const list of spies()) {
      const links = $$("a[href^='#']", list);
      let current = links[0];
      for (const link of links) {
        const part = document.getElementById(link.hash.slice(1));
        if (part && part.getBoundingClientRect().top < 220) current = link;
      }
      if (scrollY > 0 && scrollY + innerHeight > document.documentElement.scrollHeight - 4) current = links.at(-1) ?? current;
      for (const link of links)
        link === current ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
      if (current && list.scrollWidth > list.clientWidth) list.scrollLeft = current.offsetLeft - 130;
    }
  }
  if (spies().length) {
    addEventListener("scroll", spy, { passive: true });
    spy();
  }

  window.kp = { toast, nextGap };
})();
