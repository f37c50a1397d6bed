"use strict";
// Everything that comes from manifests or the account becomes text of a node, never markup.
(() => {
  const { plan, titles, people, order, outcomes } = JSON.parse(document.getElementById("data").textContent);
  const ROWS = 200; // Changes drawn at once; the others follow as one scrolls.
  const FACTS = 100; // The same of the facts of one change.
  const DONE = 6; // The rank of what is done; what has less is not.
  const BARS = 15; // Rows of a picture.
  const SIGN = { create: "+", update: "~", delete: "−" };
  const RANK = { irreversible: 0, disruptive: 1, safe: 2 };
  const byId = (id) => document.getElementById(id);

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value !== undefined) made.setAttribute(key, value);
    }
    made.append(...children.filter((child) => child !== undefined && child !== ""));
    return made;
  }

  function shape(name, attributes, text) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  const numbered = (count, one, many) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
  const nameOf = (object) => object.label ?? object.name ?? object.login;
  const placeOf = (origin) => (origin ? `${origin.file}:${origin.line}` : "");
  const valuesOf = (delta) => [delta.from, delta.to, delta.value].filter(Boolean);

  // Fills `list` with what `build` makes of each item, so many at once: the rest comes by a button, or as it comes into view.
  function fill(list, items, size, build, noun) {
    let drawn = 0;
    const button = element("button", { type: "button", class: "more", onclick: () => more() });
    const seen = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && more(), {
      rootMargin: "600px",
    });
    function more(count = size) {
      const part = document.createDocumentFragment();
      for (const item of items.slice(drawn, drawn + count)) part.append(build(item));
      drawn = Math.min(items.length, drawn + count);
      list.append(part);
      if (drawn < items.length) {
        button.textContent = `Show ${Math.min(size, items.length - drawn)} more of ${numbered(items.length - drawn, noun[0], noun[1])}`;
      } else {
        seen.disconnect();
        button.remove();
      }
    }
    more();
    if (drawn < items.length) {
      list.after(button);
      seen.observe(button);
    }
    return {
      all: () => drawn < items.length && more(items.length),
      end: () => (seen.disconnect(), button.remove()),
    };
  }

  // A person's name that shows all that happens to them.
  function person(value) {
    return element("button", { type: "button", class: "person", title: "Show all that happens to this person", onclick: () => choose("person", value.text) }, value.text);
  }

  function valueOf(fact, value) {
    return fact.field === "member" && value.record !== undefined ? person(value) : value.text;
  }

  function factRow(fact) {
    const { delta } = fact;
    const cell = element("td", { class: delta.kind });
    if (delta.kind === "set") {
      cell.append(...(delta.from ? [valueOf(fact, delta.from), " → "] : []), valueOf(fact, delta.to));
    } else {
      cell.append(delta.kind === "add" ? "+ " : "− ", valueOf(fact, delta.value));
    }
    if (fact.remark) cell.append(element("span", { class: "quiet" }, ` (${fact.remark})`));
    return element(
      "tr",
      {},
      element("td", {}, fact.field),
      cell,
      element("td", {}, element("span", { class: `severity ${fact.severity}` }, fact.severity)),
      element("td", { class: "cause" }, fact.cause),
      element("td", { class: "place" }, placeOf(fact.origin)),
    );
  }

  function body(change) {
    const made = element("div", { class: "body" });
    const head = ["Field", "Change", "Severity", "Cause", "Place"].map((name) => element("th", { scope: "col" }, name));
    const rows = element("tbody");
    const table = element("table", {}, element("thead", {}, element("tr", {}, ...head)), rows);
    made.append(table);
    fillTable(table, rows, change.facts);
    if (change.members) {
      made.append(element("p", { class: "quiet" }, `${numbered(change.members.before, "member", "members")} before, ${change.members.after.toLocaleString("en")} after`));
    }
    if (change.notes.length) {
      made.append(element("ul", {}, ...change.notes.map((note) => element("li", {}, note))));
    }
    return made;
  }

  // The button for more stands behind the table, not in it.
  function fillTable(table, rows, facts) {
    const list = { append: (part) => rows.append(part), after: (button) => table.after(button) };
    fill(list, facts, FACTS, factRow, ["fact", "facts"]);
  }

  let open = false;

  function row(change) {
    const summary = element(
      "summary",
      {},
      element("span", { class: "sign", "aria-label": change.verb }, SIGN[change.verb]),
      " ",
      element("span", { class: `severity ${change.severity}` }, change.severity),
      ` ${change.object.kind} `,
      element("span", { class: "name" }, titles[change.id]?.name ?? nameOf(change.object)),
      ` ${titles[change.id]?.fate ?? ""}`,
      outcomes[change.id] ? element("span", { class: `outcome ${outcomes[change.id].rank < DONE ? "not-done" : ""}` }, ` ${outcomes[change.id].word}: ${outcomes[change.id].why}`) : "",
      element("span", { class: "quiet" }, ` ${numbered(change.facts.length, "fact", "facts")} `),
      element("span", { class: "place" }, placeOf(change.origin)),
    );
    const details = element("details", {}, summary);
    const draw = () => details.childElementCount === 1 && details.append(body(change));
    details.addEventListener("toggle", () => details.open && draw());
    if (open || (change.severity === "irreversible" && plan.totals.irreversible <= 20)) {
      draw();
      details.open = true;
    }
    return element("li", { class: change.verb, "data-id": change.id }, details);
  }

  // What was not done first, then the worst; else as the plan has them.
  const rankOf = (change) => outcomes[change.id]?.rank ?? 0;
  const ordered = [...plan.changes].sort((one, other) => rankOf(one) - rankOf(other) || RANK[one.severity] - RANK[other.severity] || one.id - other.id);
  const texts = new Map();

  function textOf(change) {
    let text = texts.get(change);
    if (text === undefined) {
      const parts = [nameOf(change.object), titles[change.id]?.name, titles[change.id]?.fate, outcomes[change.id]?.why, placeOf(change.origin), ...change.notes];
      for (const fact of change.facts) {
        parts.push(fact.field, fact.remark, placeOf(fact.origin), ...valuesOf(fact.delta).map((value) => value.text));
      }
      text = parts.filter(Boolean).join("\n").toLowerCase();
      texts.set(change, text);
    }
    return text;
  }

  const form = byId("filters");
  const rows = byId("rows");
  let drawn;

  function isWanted(change, { q, severity, outcome, kind, group, file, person }) {
    const { object } = change;
    const says = (wanted, test) => !wanted || test(wanted);
    const isPerson = (text) => text.toLowerCase().includes(person.toLowerCase());
    return (
      says(severity, () => change.severity === severity) &&
      says(outcome, () => outcomes[change.id]?.word === outcome) &&
      says(kind, () => object.kind === kind) &&
      says(group, () => nameOf(object) === group || change.facts.some((fact) => /group/.test(fact.field) && valuesOf(fact.delta).some((value) => value.text === group))) &&
      says(file, () => [change.origin, ...change.facts.map((fact) => fact.origin)].some((origin) => origin?.file === file)) &&
      says(person, () => (object.kind === "user" && isPerson(object.label)) || change.facts.some((fact) => valuesOf(fact.delta).some((value) => value.record !== undefined && isPerson(value.text)))) &&
      says(q, () => q.toLowerCase().split(/\s+/).every((word) => textOf(change).includes(word)))
    );
  }

  function wanted() {
    return Object.fromEntries([...new FormData(form)].map(([key, value]) => [key, value.trim()]));
  }

  function show() {
    const filters = wanted();
    const matching = ordered.filter((change) => isWanted(change, filters));
    drawn?.end();
    rows.replaceChildren();
    drawn = fill(rows, matching, ROWS, row, ["change", "changes"]);
    const total = numbered(plan.changes.length, "change", "changes");
    byId("count").textContent = matching.length === plan.changes.length ? total : `${matching.length.toLocaleString("en")} of ${total}`;
    const set = Object.entries(filters).filter(([, value]) => value);
    // A page may be shared with what it shows; some places let no page have an address of its own.
    try {
      history.replaceState(null, "", set.length ? `#${new URLSearchParams(set)}` : location.pathname + location.search);
    } catch { /* Then it is not shared. */ }
  }

  function choose(name, value) {
    form.elements[name].value = value;
    show();
    form.elements[name].focus();
  }

  function options(name, values) {
    const sorted = [...new Set(values)].sort((one, other) => one.localeCompare(other));
    form.elements[name].append(...sorted.map((value) => element("option", {}, value)));
  }

  // Bars of the numbers before and after in one cell.
  function bars(before, after, most) {
    const width = (count) => `${most ? (100 * count) / most : 0}%`;
    const svg = shape("svg", { height: 16, "aria-hidden": "true" });
    svg.append(
      shape("rect", { class: "before", x: 0, y: 0, height: 7, width: width(before) }),
      shape("rect", { class: after < before ? "gone" : "after", x: 0, y: 8, height: 7, width: width(after) }),
    );
    return element("td", { class: "bars" }, svg);
  }

  function figure(title, ...content) {
    const id = `figure-${byId("pictures").querySelectorAll("figure").length}`;
    return element("figure", { "aria-labelledby": id }, element("h3", { id }, title), ...content);
  }

  function table(headings, lines) {
    const head = headings.map((name, at) => element("th", { scope: "col", class: at > 0 && name ? "number" : undefined }, name));
    return element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...lines));
  }

  function sizes(title, first, all) {
    const most = Math.max(...all.map((line) => Math.max(line.before, line.after)));
    const line = ({ name, what, before, after }) =>
      element("tr", {}, element("td", {}, name, what ? element("span", { class: "quiet" }, ` ${what}`) : ""), element("td", { class: "number" }, before.toLocaleString("en")), element("td", { class: "number" }, after.toLocaleString("en")), bars(before, after, most));
    const left = all.length - BARS;
    const made = figure(title, table([first, "Before", "After", ""], all.slice(0, BARS).map(line)));
    if (left > 0) made.append(element("p", { class: "quiet" }, `and ${left.toLocaleString("en")} more`));
    return made;
  }

  const byChange = (one, other) => Math.abs(other.after - other.before) - Math.abs(one.after - one.before);

  function groupSizes() {
    const all = plan.changes.filter((change) => change.object.kind === "group" && change.members).map((change) => ({ name: nameOf(change.object), ...change.members }));
    return all.length ? sizes("Groups whose size changes", "Group", all.sort(byChange)) : undefined;
  }

  const FATES = { added: "new", changed: "changed", unchanged: "as it is", carried: "carried", deletedByAbsence: "deleted by absence", unread: "not read" };

  function set() {
    if (!plan.snapshot) return undefined;
    const loss = (group) => (group.fate === "deletedByAbsence" ? 0 : 1);
    const all = plan.snapshot.groups.map(({ name, fate, before, after }) => ({ name, fate, what: FATES[fate], before, after }));
    all.sort((one, other) => loss(one) - loss(other) || byChange(one, other));
    return sizes(`HR groups: ${numbered(plan.snapshot.rowsBefore, "membership", "memberships")} before, ${plan.snapshot.rows.toLocaleString("en")} after`, "Group", all);
  }

  // Who leaves one group and enters one other, counted by the pair.
  function moves() {
    const way = new Map();
    for (const change of plan.changes) {
      if (change.object.kind !== "group") continue;
      for (const { field, delta } of change.facts) {
        if (field !== "member" || delta.value?.record === undefined) continue;
        const one = way.get(delta.value.record) ?? { left: [], entered: [] };
        way.set(delta.value.record, one);
        (delta.kind === "add" ? one.entered : one.left).push(nameOf(change.object));
      }
    }
    const pairs = new Map();
    let others = 0;
    for (const { left, entered } of way.values()) {
      if (left.length === 1 && entered.length === 1) {
        const key = JSON.stringify([left[0], entered[0]]);
        pairs.set(key, (pairs.get(key) ?? 0) + 1);
      } else if (left.length && entered.length) {
        others += 1;
      }
    }
    const all = [...pairs].map(([key, count]) => ({ from: JSON.parse(key)[0], to: JSON.parse(key)[1], count }));
    return { all: all.sort((one, other) => other.count - one.count), others };
  }

  function flow() {
    const { all, others } = moves();
    if (!all.length) return undefined;
    const top = all.slice(0, BARS);
    const total = top.reduce((sum, move) => sum + move.count, 0);
    const [HEIGHT, GAP, WIDTH, LEFT, RIGHT] = [Math.max(120, top.length * 28), 8, 600, 190, 410];
    const side = (key) => {
      const nodes = new Map();
      for (const move of top) nodes.set(move[key], (nodes.get(move[key]) ?? 0) + move.count);
      const scale = (HEIGHT - GAP * nodes.size) / total;
      let y = 0;
      const placed = new Map();
      for (const [name, count] of nodes) {
        placed.set(name, { y, height: count * scale, used: 0, scale });
        y += count * scale + GAP;
      }
      return placed;
    };
    const [from, to] = [side("from"), side("to")];
    const svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
    for (const move of top) {
      const [a, b] = [from.get(move.from), to.get(move.to)];
      const [y1, y2, h1, h2] = [a.y + a.used, b.y + b.used, move.count * a.scale, move.count * b.scale];
      a.used += h1;
      b.used += h2;
      const middle = (LEFT + RIGHT) / 2;
      svg.append(shape("path", { class: "ribbon", d: `M${LEFT},${y1} C${middle},${y1} ${middle},${y2} ${RIGHT},${y2} V${y2 + h2} C${middle},${y2 + h2} ${middle},${y1 + h1} ${LEFT},${y1 + h1} Z` }));
    }
    const short = (name) => (name.length > 26 ? `${name.slice(0, 25)}…` : name);
    for (const [nodes, x, anchor, at] of [[from, LEFT - 6, "end", LEFT - 8], [to, RIGHT, "start", RIGHT + 8]]) {
      for (const [name, { y, height }] of nodes) {
        svg.append(shape("rect", { class: "node", x: x === RIGHT ? RIGHT : LEFT - 4, y, width: 4, height: Math.max(1, height) }));
        svg.append(shape("text", { x: at, y: y + height / 2 + 4, "text-anchor": anchor }, short(name)));
      }
    }
    const lines = all.map(({ from: left, to: entered, count }) => element("tr", {}, element("td", {}, `${left} → ${entered}`), element("td", { class: "number" }, String(count))));
    const more = [all.length > BARS ? `the ${BARS} largest moves are drawn` : "", others ? `${numbered(others, "person leaves or enters", "people leave or enter")} several groups` : ""].filter(Boolean);
    return figure("Who moves from which group to which", svg, more.length ? element("p", { class: "quiet" }, more.join("; ")) : "", element("details", {}, element("summary", {}, "As a table"), table(["Move", "People"], lines)));
  }

  function standing() {
    if (!people) return undefined;
    const all = [
      { name: "Tracked users", ...people.tracked },
      { name: "Untracked users", ...people.untracked },
      { name: "Agents, a licence each", ...people.licences },
    ];
    return all.some((line) => line.before !== line.after) ? sizes("Tracked and licensed", "", all) : undefined;
  }

  function requests() {
    if (!order.length) return undefined;
    const span = order.reduce((sum, part) => sum + part.seconds, 0);
    let begun = 0;
    const lines = order.map((part) => {
      const svg = shape("svg", { height: 12, "aria-hidden": "true" });
      svg.append(shape("rect", { class: "after", y: 1, height: 10, x: `${span ? (100 * begun) / span : 0}%`, width: `${span ? Math.max(0.5, (100 * part.seconds) / span) : 0}%` }));
      begun += part.seconds;
      return element("tr", {}, element("td", {}, part.name), element("td", { class: "number" }, part.writes.toLocaleString("en")), element("td", { class: "number" }, part.looks.toLocaleString("en")), element("td", { class: "number" }, `${Math.round(part.seconds).toLocaleString("en")} s`), element("td", { class: "bars" }, svg));
    });
    return figure("Order of the requests", table(["Part", "Writes", "Reads", "About", ""], lines));
  }

  function draw() {
    const figures = [standing(), groupSizes(), flow(), set(), requests()].filter(Boolean);
    if (!figures.length) return;
    byId("pictures").append(element("div", { class: "figures" }, ...figures));
    byId("pictures").hidden = false;
  }

  const files = new Set();
  for (const change of plan.changes) {
    for (const { origin } of [change, ...change.facts]) if (origin) files.add(origin.file);
  }
  if (outcomes.length) {
    options("outcome", outcomes.map((outcome) => outcome.word));
    form.elements.outcome.parentElement.hidden = false;
  }
  options("file", files);
  options("group", plan.changes.filter((change) => change.object.kind === "group").map((change) => nameOf(change.object)));
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
    if (form.elements[name]) form.elements[name].value = value;
  }
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 120);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  byId("expand").addEventListener("click", () => {
    open = true;
    for (const details of rows.querySelectorAll("li > details")) details.open = true;
  });
  byId("collapse").addEventListener("click", () => {
    open = false;
    for (const details of rows.querySelectorAll("li > details")) details.open = false;
  });
  addEventListener("beforeprint", () => drawn.all());
  form.hidden = false;
  draw();
  show();
})();
