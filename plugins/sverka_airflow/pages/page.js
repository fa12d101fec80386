// Comfort only; every page works without it. `/` goes to the search, Escape leaves it, j and k go
// through the rows of a list, files can be dropped onto the form, and a page that is open on its own
// hides the addresses for copying.
"use strict";

if (window.top === window.self) document.documentElement.classList.add("alone");

// By the place on the keyboard: on a Russian one these keys give other letters.
const KEYS = { Slash: find, KeyJ: () => step(1), KeyK: () => step(-1) };

document.addEventListener("keydown", (event) => {
  const search = document.getElementById("q");
  if (event.key === "Escape" && event.target === search) search.blur();
  const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
  const known = KEYS[event.code];
  if (known && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    known();
  }
});

function find() {
  document.getElementById("q").focus();
}

function step(by) {
  const rows = [...document.querySelectorAll(".ledger tbody tr")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at < 0 ? 0 : at + by];
  next?.querySelector("input, a")?.focus();
}

const drop = document.querySelector("form.drop");
if (drop) {
  const input = drop.querySelector("input[type=file]");
  const chosen = drop.querySelector(".chosen");
  const show = () => {
    chosen.textContent = [...input.files].map((file) => file.name).join(", ");
  };
  input.addEventListener("change", show);
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, () => drop.classList.remove("over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    input.files = event.dataTransfer.files;
    show();
  });
}

for (const all of document.querySelectorAll("input[data-all]")) {
  all.addEventListener("change", () => {
    for (const one of document.querySelectorAll(`input[name="${all.dataset.all}"]`)) one.checked = all.checked;
  });
}
