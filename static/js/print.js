// The printed form stands alone: its one button opens the browser's print dialog.
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
