// Copy & restore: a chosen file is looked at by the server; the button that restores it comes with what it would change.
const form = document.getElementById("restore");
const place = document.getElementById("preview");

function failed() {
  const line = document.createElement("p");
  line.className = "note note-error said";
  line.textContent = place.dataset.failed;
  place.replaceChildren(line);
}

async function look() {
  place.replaceChildren();
  if (!form.archive.files.length) return;
  try {
    const answer = await fetch(form.dataset.look, { method: "POST", body: new FormData(form), redirect: "manual" });
    if (![200, 403, 422].includes(answer.status)) return failed();
    place.innerHTML = await answer.text(); // a piece of this page, rendered by the server
  } catch {
    failed();
  }
}

form?.archive.addEventListener("change", look);
form?.addEventListener("submit", (event) => {
  if (!form.querySelector("[name=mark]")) event.preventDefault(); // Enter before anything was looked at
});
