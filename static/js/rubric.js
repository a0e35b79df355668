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
  form.addEventListener("htmx:afterSwap", changed);
  form.addEventListener("submit", () => (dirty = false));
  addEventListener("beforeunload", (event) => dirty && event.preventDefault());
})();
