/* The sheet of the monitoring standard: the sum follows what is typed, and unsaved changes are kept from being lost.
   Rows come and go on the server, which draws the sheet anew. */
(() => {
  "use strict";
  const form = document.querySelector("[data-rubric]");
  if (!form) return;
  const cents = (text) => Math.round((Number(text) || 0) * 100);
  const note = () => form.querySelector("[data-dirty]");
  let dirty = Boolean(note()?.textContent.trim());

  function changed() {
    dirty = true;
    const box = note();
    if (box) box.textContent = box.dataset.dirty;
    const full = [...form.querySelectorAll("[name$=-points]")].filter((field) => !field.name.includes("-l-"));
    const sum = form.querySelector("[data-sum]");
    if (sum) sum.textContent = String(full.reduce((all, field) => all + cents(field.value), 0) / 100);
  }
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  /* after a move: into the new row, or back on the button */
  function land(act) {
    const [word, where = ""] = act.split(":");
    const [category, item] = where.split("-");
    const rows = {
      add_level: `[name^="c-${category}-i-${item}-l-"][name$="-points"]`,
      add_item: `[name^="c-${category}-i-"][name$="-name"]`,
      add_category: `[name^="c-"][name$="-name"]:not([name*="-i-"])`,
      add_fault: `[name^="f-"][name$="-code"]`,
    };
    const found = form.querySelectorAll(rows[word] ?? `button[value="${CSS.escape(act)}"]`);
    found[found.length - 1]?.focus();
  }
  form.addEventListener("htmx:afterSwap", ({ detail }) => {
    changed();
    land(detail.requestConfig?.elt?.value ?? "");
  });
  form.addEventListener("submit", () => (dirty = false));
  addEventListener("beforeunload", (event) => dirty && event.preventDefault());
})();
