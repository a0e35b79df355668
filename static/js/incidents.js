/* Filing an incident: one more person, the standard found by a word, its points filled in. Without a script the
   form asks the server for another line, and every entry stands in its category. */
(() => {
  "use strict";
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  let rows = 100; // numbers of rows added here, far from the server's

  const chosen = () => $("[data-kinds] input:checked");
  // Points altered by hand belong to the entry they were altered under.
  function fill(field, kind) {
    field.placeholder = kind.dataset.points;
    field.min = kind.dataset.low;
    field.max = kind.dataset.high;
    field.value = kind.dataset.points;
  }
  function show(kind) {
    const box = $("[data-kinds]");
    $("[data-kind-picked]", box).hidden = !kind;
    $("[data-kind-list]", box).hidden = Boolean(kind);
    if (!kind) return;
    $("[data-kind-name]", box).textContent = kind.dataset.name;
    $("[data-kind-severity]", box).textContent = kind.dataset.severity;
    $("[data-kind-points]", box).textContent = kind.dataset.cost;
  }
  function begin() {
    const find = $("[data-kind-find]");
    if (find) find.hidden = false;
    if (chosen()) show(chosen());
  }

  document.addEventListener("change", ({ target }) => {
    if (target.matches?.("[data-kinds] input[type=radio]")) {
      $$("[data-share-row] [data-points]").forEach((field) => fill(field, target));
      show(target);
    }
    const told = target.dataset?.filesOf && $(target.dataset.filesOf);
    if (told) told.textContent = [...target.files].map((file) => file.name).join(" ");
  });
  document.addEventListener("input", ({ target }) => {
    if (!target.matches?.("[data-kind-find]")) return;
    const word = target.value.trim().toLowerCase();
    $$("[data-kinds] details").forEach((group) => {
      if (word) group.removeAttribute("name");
      const kinds = $$(".kind", group);
      kinds.forEach((kind) => (kind.hidden = word !== "" && !kind.textContent.toLowerCase().includes(word)));
      const found = kinds.some((kind) => !kind.hidden);
      group.hidden = !found;
      group.open = word !== "" && found;
      if (!word) group.setAttribute("name", "kinds");
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches?.("[data-kind-find]")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const { target } = event;
    if (target.closest?.("[data-kind-change]")) {
      show(null);
      $("[data-kind-find]").focus();
    }
    const remove = target.closest?.("[data-share-remove]");
    if (remove) {
      const form = remove.form;
      remove.closest("[data-share-row]").remove();
      form.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const more = target.closest?.("[data-share-more]");
    if (!more) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const row = $("#person-row").content.firstElementChild.cloneNode(true);
    rows += 1;
    for (const part of [row, ...$$("*", row)])
      for (const one of [...part.attributes]) if (one.value.includes("__n__")) one.value = one.value.replace("__n__", rows);
    more.before(row);
    window.htmx?.process(row);
    if (chosen()) fill($("[data-points]", row), chosen());
    $("input", row).focus();
  }, true);
  document.addEventListener("htmx:afterSettle", ({ target }) => target.id === "incident-form" && begin());
  begin();
})();
