/* The form's page: Enter saves a field instead of sending the page, and the chips find their place again after a swap. */
(() => {
  "use strict";
  const form = document.getElementById("scores");
  form?.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || field.type === "submit" || !field.matches("input")) return;
    if (field.name.startsWith("exact-") || field.name.startsWith("reason-")) {
      event.preventDefault();
      field.closest(".row-f").querySelector("[type=submit]").click();
    } else if (field.closest("[data-autosave]")) {
      event.preventDefault();
      field.blur();
      field.focus();
    }
  });
  /* the first press on − or + of an empty field starts from full marks, not from nothing */
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".step button");
    const field = button?.parentElement.querySelector("input");
    if (!field || field.value) return;
    field.value = Number(button.dataset.by) < 0 ? String(Number(field.max) - Number(button.dataset.by)) : field.max;
  }, true);
  document.addEventListener("htmx:oobAfterSwap", () => dispatchEvent(new Event("scroll")));
})();
