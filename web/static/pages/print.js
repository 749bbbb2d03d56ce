// A page that has a button to print itself.
document.getElementById("print")?.addEventListener("click", () => window.print());
