/* The sheet of the scheme: sums follow what is typed, and unsaved changes are kept from being lost.
   Rules come and go on the server, which draws the sheet anew; it reckons again when it saves. */
(() => {
  "use strict";
  const form = document.querySelector("[data-scheme]");
  if (!form) return;
  const UNITS = 10000;
  const note = () => form.querySelector("[data-dirty]");
  const count = (text) => Math.round((Number(text.replace("%", "").trim()) || 0) * UNITS);
  let dirty = Boolean(note()?.textContent.trim());

  function sums() {
    for (const box of form.querySelectorAll("[data-sum-for]")) {
      const fields = [...form.querySelectorAll(`[data-sum="${box.dataset.sumFor}"]`)];
      const total = fields.reduce((all, field) => all + count(field.value), 0);
      const gap = 100 * UNITS - total;
      const state = gap === 0 ? "even" : gap > 0 ? "short" : "over";
      box.classList.remove("even", "short", "over");
      box.classList.add(state);
      box.textContent = box.dataset[state].replace("%t", String(total / UNITS)).replace("%n", String(Math.abs(gap) / UNITS));
    }
  }
  function changed() {
    dirty = true;
    const box = note();
    if (box) box.textContent = box.dataset.dirty;
    sums();
  }
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("htmx:afterSwap", ({ detail }) => {
    changed();
    const act = detail.requestConfig?.elt?.value ?? "";
    const rules = form.querySelectorAll("[data-rule]");
    if (act === "add_rule") rules[rules.length - 1]?.querySelector("input")?.focus();
    else form.querySelector('[value="add_rule"]')?.focus();
  });
  form.addEventListener("submit", () => (dirty = false));
  addEventListener("beforeunload", (event) => dirty && event.preventDefault());
  sums();
})();
