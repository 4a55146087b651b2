// Draws what /api/v1/stream sends each second. What comes from clients and
// applications becomes text of the page, and never markup.

const kept = 120; // views, a second each
const laneHeight = 12;
const labelWidth = 110;

const choice = document.getElementById("choice");
const cards = new Map(); // by group
let last = null;

const source = new EventSource("api/v1/stream");
source.onmessage = (event) => {
  last = JSON.parse(event.data);
  show(last);
};
source.onerror = () => say("The monitor does not answer; what is shown is old.", true);
choice.addEventListener("change", () => last && show(last));
addEventListener("resize", () => last && show(last));

function say(text, lost) {
  const state = document.getElementById("state");
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle("lost", lost);
}

function show(view) {
  offer(view.groups.map((g) => g.name));
  const groups = view.groups.filter((g) => choice.value === "" || "=" + g.name === choice.value);
  for (const [name, card] of cards) {
    if (!groups.some((g) => g.name === name)) {
      card.element.remove();
      cards.delete(name);
    }
  }
  for (const group of groups) {
    if (!cards.has(group.name)) cards.set(group.name, new Card(group.name));
    cards.get(group.name).show(group, Date.parse(view.at) / 1000);
  }
  showHanging(groups);
  showEvents(view.events.filter((e) => groups.some((g) => g.name === e.group)));
  say(view.groups.length === 0 ? "No process has reported yet." : "live", false);
}

// offer fills the list of groups, and leaves the choice as it is.
function offer(names) {
  const values = ["", ...names.map((n) => "=" + n)];
  if (values.join("\n") === [...choice.options].map((o) => o.value).join("\n")) return;
  const chosen = choice.value;
  choice.replaceChildren(...values.map((value) => new Option(value === "" ? "all" : title(value.slice(1)), value)));
  if (values.includes(chosen)) choice.value = chosen;
}

function title(name) {
  return name === "" ? "embedded in Apache's own processes" : name;
}

// A Card is one group.
class Card {
  constructor(name) {
    this.element = document.getElementById("group").content.firstElementChild.cloneNode(true);
    this.element.querySelector("h2").textContent = title(name);
    this.figures = this.element.querySelector("dl");
    this.lanes = this.element.querySelector(".lanes");
    this.chart = this.element.querySelector(".chart");
    this.rows = this.element.querySelector("tbody");
    this.past = new Past(name, this.element.querySelector(".past"));
    this.history = []; // of {at, group}
    this.threads = new Map(); // lanes by process and thread
    this.lanes.addEventListener("pointermove", (event) => this.tell(event));
    document.getElementById("groups").append(this.element);
  }

  show(group, at) {
    this.history.push({ at, group });
    if (this.history.length > kept) this.history.shift();
    this.showFigures(group);
    this.follow(group, at);
    this.drawLanes(at);
    this.drawChart(at);
    fill(this.rows, group.processes, processCells);
  }

  showFigures(g) {
    const total = g.latency.total;
    const figures = [
      ["Capacity in use", percent(g.capacity), g.capacity > 0.85],
      ["Threads busy", `${g.busy} of ${g.threads}`, g.threads > 0 && g.busy >= g.threads],
      ["Waiting", g.waiting === null ? "not known" : String(g.waiting), g.waiting > 0],
      ["Requests/s", g.rate.toFixed(1)],
      ["p50, p95, p99", total ? [total.p50, total.p95, total.p99].map(seconds).join(", ") : "none yet"],
      ["In the queue, p95", g.latency.queue ? seconds(g.latency.queue.p95) : "none yet"],
      ["GIL wait, p95", g.latency.gil_wait ? seconds(g.latency.gil_wait.p95) : "none yet"],
      ["CPU", percent(g.cpu)],
      [`Memory (${g.memory.kind.toUpperCase()})`, bytes(g.memory.bytes)],
      ["Restarts", String(g.totals.restarts)],
      ["5xx", String(g.totals.status["5xx"])],
    ];
    this.figures.replaceChildren(...figures.map(([name, value, alarm]) => {
      const box = document.createElement("div");
      const term = box.appendChild(document.createElement("dt"));
      const text = box.appendChild(document.createElement("dd"));
      term.textContent = name;
      text.textContent = value;
      text.classList.toggle("alarm", Boolean(alarm));
      return box;
    }));
  }

  // follow makes bars of the ages that the threads report: a bar begins when its
  // request did, and ends when the thread reports another one or none.
  follow(group, at) {
    const seen = new Set();
    for (const p of group.processes) {
      const reported = Date.parse(p.seen) / 1000;
      p.threads.forEach((t, i) => {
        const key = `${p.pid} ${i + 1}`;
        seen.add(key);
        if (!this.threads.has(key)) this.threads.set(key, { pid: p.pid, thread: i + 1, bars: [], reported: 0 });
        const lane = this.threads.get(key);
        if (reported > lane.reported) {
          this.report(lane, t, reported, p.requests.find((r) => r.thread === i + 1));
        }
      });
    }
    for (const [key, lane] of this.threads) {
      lane.bars = lane.bars.filter((bar) => (bar.end ?? at) > at - kept);
      const open = lane.bars.at(-1);
      if (!seen.has(key) && open && open.end === null) open.end = at;
      if (!seen.has(key) && lane.bars.length === 0) this.threads.delete(key);
    }
  }

  report(lane, thread, reported, request) {
    const start = reported - thread.elapsed;
    const open = lane.bars.at(-1)?.end === null ? lane.bars.at(-1) : null;
    const same = open && thread.elapsed > 0 && Math.abs(open.start - start) < 0.2;
    if (open && !same) open.end = Math.max(open.start, Math.min(start, reported));
    if (thread.elapsed > 0 && !same) lane.bars.push({ start, end: null, busy: 1 });
    if (thread.completed > 0 && lane.reported > 0 && thread.elapsed === 0) {
      lane.bars.push({ start: lane.reported, end: reported, busy: Math.min(1, thread.busy), completed: thread.completed });
    }
    const bar = lane.bars.at(-1);
    if (bar && bar.end === null && request) bar.request = request;
    lane.reported = reported;
  }

  drawLanes(at) {
    const lanes = this.sorted();
    const height = Math.max(1, lanes.length) * laneHeight + 16;
    const draw = surface(this.lanes, height);
    const x = (time) => labelWidth + (draw.width - labelWidth) * Math.max(0, 1 - (at - time) / kept);
    draw.pen.font = "10px system-ui, sans-serif";
    lanes.forEach((lane, row) => {
      const y = row * laneHeight;
      draw.pen.fillStyle = draw.colour("--quiet");
      draw.pen.fillText(`${lane.pid} · ${lane.thread}`, 0, y + laneHeight - 3);
      draw.pen.fillStyle = draw.colour("--line");
      draw.pen.fillRect(labelWidth, y + laneHeight - 1, draw.width - labelWidth, 1);
      for (const bar of lane.bars) {
        const from = x(bar.start);
        draw.pen.globalAlpha = bar.completed ? 0.15 + 0.55 * bar.busy : 1;
        draw.pen.fillStyle = draw.colour(bar.request ? "--slow" : "--busy");
        draw.pen.fillRect(from, y + 1, Math.max(2, x(bar.end ?? at) - from), laneHeight - 3);
      }
      draw.pen.globalAlpha = 1;
    });
    draw.pen.fillStyle = draw.colour("--quiet");
    for (let ago = 0; ago < kept; ago += 30) draw.pen.fillText(ago === 0 ? "now" : `-${ago} s`, x(at - ago) - 24, height - 3);
    const busy = lanes.filter((lane) => lane.bars.at(-1)?.end === null).length;
    this.lanes.setAttribute("aria-label", `A lane for each of ${lanes.length} threads; ${busy} have a request at hand. The tables have the same as text.`);
  }

  sorted() {
    return [...this.threads.values()].sort((a, b) => a.pid - b.pid || a.thread - b.thread);
  }

  // tell shows what the bar below the pointer is.
  tell(event) {
    const lane = this.sorted()[Math.floor(event.offsetY / laneHeight)];
    if (!lane) {
      this.lanes.title = "";
      return;
    }
    const at = this.history.at(-1).at;
    const time = at - kept * (1 - (event.offsetX - labelWidth) / (this.lanes.clientWidth - labelWidth));
    const bar = lane.bars.find((b) => b.start <= time && time <= (b.end ?? at));
    const where = `process ${lane.pid}, thread ${lane.thread}`;
    if (!bar) this.lanes.title = where;
    else if (bar.completed) this.lanes.title = `${where}: ${bar.completed} requests`;
    else this.lanes.title = `${where}: ${seconds((bar.end ?? at) - bar.start)}${bar.request ? ` ${bar.request.method} ${bar.request.host}${bar.request.path}` : ""}`;
  }

  // drawChart draws the capacity in use as an area, and what waits as bars above it.
  drawChart(at) {
    const draw = surface(this.chart, this.chart.clientHeight || 64);
    const x = (time) => labelWidth + (draw.width - labelWidth) * Math.max(0, 1 - (at - time) / kept);
    const step = (draw.width - labelWidth) / kept;
    const most = Math.max(1, ...this.history.map((h) => h.group.waiting ?? 0));
    for (const { at: time, group } of this.history) {
      draw.pen.globalAlpha = 0.35;
      draw.pen.fillStyle = draw.colour("--busy");
      const height = draw.height * Math.min(1, group.capacity);
      draw.pen.fillRect(x(time) - step, draw.height - height, step + 0.5, height);
      draw.pen.globalAlpha = 1;
      draw.pen.fillStyle = draw.colour("--waiting");
      const waiting = (draw.height / 2) * ((group.waiting ?? 0) / most);
      draw.pen.fillRect(x(time) - step, 0, step + 0.5, waiting);
    }
    draw.pen.font = "10px system-ui, sans-serif";
    draw.pen.fillStyle = draw.colour("--quiet");
    draw.pen.fillText("capacity in use", 0, draw.height - 4);
    draw.pen.fillText(`waiting, up to ${most}`, 0, 10);
    const now = this.history.at(-1).group;
    this.chart.setAttribute("aria-label", `Capacity in use ${percent(now.capacity)}, waiting ${now.waiting ?? "not known"}.`);
  }
}

// Past is what a group was like before, as the monitor keeps it.
class Past {
  constructor(group, element) {
    this.group = group;
    this.element = element;
    this.period = element.querySelector("select");
    this.canvas = element.querySelector("canvas");
    this.period.addEventListener("change", () => this.load());
    this.load();
    setInterval(() => this.element.isConnected && this.load(), 60000);
  }

  async load() {
    const to = new Date();
    const from = new Date(to - this.period.value * 1000);
    const answer = await fetch(`api/v1/history?${new URLSearchParams({ group: this.group, from: from.toISOString(), to: to.toISOString() })}`);
    this.element.hidden = !answer.ok; // it keeps nothing
    if (answer.ok) this.draw(await answer.json());
  }

  // draw draws the capacity in use as an area, the time of nearly all requests as a line,
  // what waits as bars from above, and a mark below for each restart.
  draw({ from, to, step, points }) {
    const draw = surface(this.canvas, this.canvas.clientHeight || 64);
    const [start, end] = [Date.parse(from), Date.parse(to)];
    const x = (point) => labelWidth + (draw.width - labelWidth) * (Date.parse(point.at) - start) / (end - start);
    const width = Math.max(1, (draw.width - labelWidth) * step * 1000 / (end - start) + 0.5);
    const mostWaiting = Math.max(1, ...points.map((p) => p.waiting ?? 0));
    const longest = Math.max(0.001, ...points.map((p) => p.p95));
    const { pen } = draw;
    pen.strokeStyle = draw.colour("--slow");
    pen.beginPath();
    points.forEach((p, i) => {
      pen.globalAlpha = 0.35;
      pen.fillStyle = draw.colour("--busy");
      const height = draw.height * Math.min(1, p.capacity);
      pen.fillRect(x(p), draw.height - height, width, height);
      pen.globalAlpha = 1;
      pen.fillStyle = draw.colour("--waiting");
      pen.fillRect(x(p), 0, width, (draw.height / 2) * ((p.waiting ?? 0) / mostWaiting));
      if (p.restarts > 0) pen.fillRect(x(p), draw.height - 6, 2, 6);
      const follows = i > 0 && Date.parse(p.at) - Date.parse(points[i - 1].at) < 2500 * step;
      pen[follows ? "lineTo" : "moveTo"](x(p), draw.height - (draw.height - 2) * p.p95 / longest);
    });
    pen.stroke();
    pen.font = "10px system-ui, sans-serif";
    pen.fillStyle = draw.colour("--quiet");
    pen.fillText("capacity in use", 0, draw.height - 4);
    pen.fillText(`p95, up to ${seconds(longest)}`, 0, draw.height / 2 + 3);
    pen.fillText(`waiting, up to ${mostWaiting}`, 0, 10);
    const restarts = points.reduce((sum, p) => sum + p.restarts, 0);
    this.canvas.setAttribute("aria-label", `${points.length} points of history: waiting up to ${mostWaiting}, p95 up to ${seconds(longest)}, ${restarts} restarts.`);
  }
}

// surface is a canvas of the size that it has on the page, with a pen.
function surface(canvas, height) {
  const scale = devicePixelRatio || 1;
  const width = canvas.clientWidth || 600;
  canvas.style.height = `${height}px`;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const probe = document.createElement("i");
  canvas.after(probe);
  const colours = new Map();
  const colour = (name) => {
    if (!colours.has(name)) {
      probe.style.color = `var(${name})`;
      colours.set(name, getComputedStyle(probe).color);
    }
    return colours.get(name);
  };
  queueMicrotask(() => probe.remove());
  return { pen, width, height, colour };
}

function processCells(p) {
  const busy = p.threads.filter((t) => t.elapsed > 0).length;
  const started = p.usage?.started ?? p.started;
  return [
    p.pid, started === null ? "not known" : new Date(started).toLocaleTimeString(), `${busy} of ${p.threads.length}`, percent(p.capacity),
    p.rate.toFixed(1), seconds(p.gil_wait), percent(p.cpu), p.usage ? seconds(p.usage.cpu_seconds) : "not known", memory(p),
    p.usage ? p.usage.threads : "not known", p.stopping === "" ? "runs" : `stopping: ${p.stopping}`,
  ];
}

// memory of a process, by the best measure that there is.
function memory(p) {
  if (p.usage?.pss != null) return `${bytes(p.usage.pss)} PSS`;
  return `${bytes(p.usage?.rss ?? p.rss)} RSS`;
}

function showHanging(groups) {
  const all = groups.flatMap((g) => g.processes.flatMap((p) => p.requests.map((r) => ({ group: g.name, pid: p.pid, ...r }))));
  all.sort((a, b) => b.age - a.age);
  fill(document.querySelector("#hanging tbody"), all.slice(0, 200), (r) => [
    seconds(r.age), `${r.method} ${r.host}${r.path}`, r.client, title(r.group), r.pid, r.thread,
  ]);
}

function showEvents(events) {
  fill(document.querySelector("#events tbody"), events.slice(-50).reverse(), (e) => [
    new Date(e.at).toLocaleTimeString(), e.pid, title(e.group), e.kind, e.reason, e.kind === "started" ? "" : e.active,
  ]);
}

// fill puts a row for each item into a table, and changes only cells that differ:
// a selection or the focus stays where it is.
function fill(body, items, cells) {
  while (body.rows.length > items.length) body.deleteRow(-1);
  items.forEach((item, i) => {
    const row = body.rows[i] ?? body.insertRow();
    cells(item).forEach((text, j) => {
      const cell = row.cells[j] ?? row.insertCell();
      if (cell.textContent !== String(text)) cell.textContent = String(text);
    });
  });
  if (body.rows.length === 0) body.replaceChildren(); // so that :empty holds
}

function seconds(value) {
  if (value < 0.0995) return `${(value * 1000).toFixed(value < 0.00995 ? 1 : 0)} ms`;
  return value < 99.5 ? `${value.toFixed(1)} s` : `${Math.round(value)} s`;
}

function percent(part) {
  return `${Math.round(part * 100)} %`;
}

function bytes(n) {
  return n < 1e9 ? `${Math.round(n / 1e6)} MB` : `${(n / 1e9).toFixed(1)} GB`;
}
