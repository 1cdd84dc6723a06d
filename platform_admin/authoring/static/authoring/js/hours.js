// Hours & services: tables over one document. Every change writes the whole document; the server says what is wrong.
import { Draft } from "./draft.js";
import { begin, element, say } from "./page.js";
import { showSaving } from "./saved.js";

const root = document.querySelector(".hours");
const at = (id) => document.getElementById(id);
const draft = new Draft(root.dataset.draft);
let business = structuredClone(draft.state.document);

const write = () => draft.write({ document: business });
const readOnly = !begin.may_edit;

/** A field for one value of `holder`; an emptied one is taken out of the document. */
function field(holder, key, { type = "text", label, read = (text) => text, ...more } = {}) {
  const input = element("input", { class: "input", type, value: holder[key] ?? "", "aria-label": label, disabled: readOnly, ...more });
  input.addEventListener("input", () => {
    if (input.value === "") delete holder[key];
    else holder[key] = read(input.value);
    write();
  });
  return input;
}

const cross = (press, label) => element("button", { type: "button", class: "icon-button", "aria-label": label, disabled: readOnly, onclick: press }, "×");

/** "10:00-14:00" as two times; several of them, with one more to add. */
function spans(list, changed) {
  const made = element("div", { class: "spans" });
  const draw = () => {
    made.replaceChildren(...list.map((span, index) => {
      const [from = "", to = ""] = span.split("-");
      const time = (value, label, set) => {
        const input = element("input", { class: "input", type: "time", value, "aria-label": label, disabled: readOnly });
        input.addEventListener("input", () => {
          set(input.value);
          changed();
        });
        return input;
      };
      return element("span", { class: "span" },
        time(from, say("from"), (value) => { list[index] = `${value}-${list[index].split("-")[1]}`; }), "–",
        time(to, say("to"), (value) => { list[index] = `${list[index].split("-")[0]}-${value}`; }),
        cross(() => { list.splice(index, 1); draw(); changed(); }, say("take_away")));
    }),
    list.length ? "" : element("span", { class: "quiet" }, say("closed")),
    element("button", { type: "button", class: "link", disabled: readOnly, onclick: () => { list.push(list.length ? "17:00-20:00" : "10:00-14:00"); draw(); changed(); } }, say("add_hours")));
  };
  draw();
  return made;
}

function week() {
  business.hours ??= {};
  at("week").replaceChildren(...begin.days.map(({ key, name }) => {
    const list = [...(business.hours[key] ?? [])];
    return element("tr", {}, element("td", {}, name), element("td", {}, spans(list, () => {
      if (list.length) business.hours[key] = list;
      else delete business.hours[key];
      write();
    })));
  }));
}

function rows(id, cells) {
  const list = business[id] ?? [];
  at(id).querySelector("tbody").replaceChildren(...list.map((item, index) => element("tr", {},
    ...cells(item, index, list).map((cell) => element("td", cell.type === "number" ? { class: "number" } : {}, cell)),
    element("td", {}, cross(() => { list.splice(index, 1); show(); write(); }, say("take_away"))))));
}

function show() {
  week();
  for (const input of root.querySelectorAll("[data-fact]")) {
    const key = input.dataset.fact;
    if (document.activeElement !== input) input.value = business[key] ?? "";
    input.disabled = readOnly;
    input.oninput = () => {
      if (input.value) business[key] = input.value;
      else delete business[key];
      write();
    };
  }
  const names = new Map((business.staff ?? []).map((person) => [person.id, person.name]));
  rows("services", (service) => [
    field(service, "name", { label: say("name") }),
    field(service, "minutes", { type: "number", min: 5, step: 5, label: say("minutes"), read: Number }),
    field(service, "price", { label: say("price"), size: 8 }),
    doneBy(service, names),
  ]);
  rows("staff", (person) => [field(person, "name", { label: say("name") }), field(person, "calendar_id", { label: say("calendar"), placeholder: "ana@group.calendar.google.com" })]);
  rows("special_days", (day) => [
    field(day, "date", { type: "date", label: say("date") }),
    spans((day.hours ??= []), write),
  ]);
  rows("holidays", (_, index, list) => [field(list, index, { type: "date", label: say("date") })]);
  problems();
}

function doneBy(service, names) {
  const choice = element("select", { class: "input", "aria-label": say("who"), disabled: readOnly || names.size === 0 },
    element("option", { value: "" }, say("everybody")),
    ...[...names].map(([id, name]) => element("option", { value: id, selected: service.staff?.length === 1 && service.staff[0] === id }, name)));
  choice.addEventListener("change", () => {
    if (choice.value) service.staff = [choice.value];
    else delete service.staff;
    write();
  });
  return choice;
}

function problems() {
  const { faults } = draft.state;
  at("faults").hidden = faults.length === 0;
  at("faults").replaceChildren(...faults.map((fault) => element("p", {}, fault.message)));
}

const fresh = (prefix, list) => {
  let number = list.length + 1;
  while (list.some((item) => item.id === `${prefix}_${number}`)) number += 1;
  return `${prefix}_${number}`;
};
const NEW = {
  services: (list) => ({ id: fresh("service", list), name: say("new_service"), minutes: 30 }),
  staff: (list) => ({ id: fresh("person", list), name: say("new_person") }),
  special_days: () => ({ date: new Date().toISOString().slice(0, 10), hours: ["10:00-14:00"] }),
  holidays: () => new Date().toISOString().slice(0, 10),
};
for (const button of root.querySelectorAll("[data-add]")) {
  button.disabled = readOnly;
  button.addEventListener("click", () => {
    const id = button.dataset.add;
    business[id] ??= [];
    business[id].push(NEW[id](business[id]));
    show();
    write();
    at(id).querySelector("tbody tr:last-child input")?.select();
  });
}

draft.addEventListener("change", () => {
  problems();
  if (draft.state.document && !root.contains(document.activeElement)) {
    business = structuredClone(draft.state.document);
    show();
  }
});
showSaving(draft, at("saved"));
show();
