// A replay: the same page without anybody behind it; questions are answered from what the file holds.
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.replay) return;

  // What lies in the file is compressed; browsers unpack it themselves.
  async function unzipped(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  // Data as they were before they were packed: [0, item ...] is a list, [shape, value ...] an object whose keys, and those values that never differ,
  // the shape tells.
  cw.unpacked = (shapes, packed) => {
    const whole = (value) => {
      if (!Array.isArray(value)) return value;
      if (value[0] === 0) return value.slice(1).map(whole);
      const made = {};
      let next = 1;
      for (const one of shapes[value[0] - 1]) {
        if (Array.isArray(one)) made[one[0]] = whole(one[1]);
        else made[one] = whole(value[next++]);
      }
      return made;
    };
    return whole(packed);
  };

  // --- what is told of enterprises and lanes -------------------------------------------------------------------

  // inspections: {shapes, periods, pages: [enterprise][place of the period]}, or nothing.
  function pagesOf(inspections) {
    const places = new Map(inspections ? inspections.periods.map((period, place) => [period, place]) : []);
    return (enterprise, period) => (places.has(period) && inspections.pages[enterprise] ? cw.unpacked(inspections.shapes, inspections.pages[enterprise][places.get(period)]) : null);
  }

  // Of the lanes between two the file holds no page of their own: what is told of them stands in that of the buyer, and in that of the seller.
  function ofLink(timeline, link, pages) {
    const [seller, buyer] = [timeline.enterprises[link.from].name, timeline.enterprises[link.to].name];
    const found = [[pages(link.to), "buys", seller], [pages(link.from), "sells", buyer]].map(([page, direction, partner]) => {
      const of = (kind) => page && page.sections.find((one) => one.kind === kind);
      const rows = of("partners") ? of("partners").rows.filter((row) => row.direction === direction && row.partner === partner) : [];
      return { rows, columns: of("partners") && of("partners").columns, coming: of("pipeline") };
    });
    // Of very many partners a page tells some only.
    const told = found.find((one) => one.rows.length === link.lanes.length);
    if (!told) return null;
    const sections = told.rows.map((row) => ({
      kind: "columns",
      title: [row.product, row.mode, ...(row.status || [])].filter(Boolean).join(" · "),
      table: "lanes",
      product: row.product,
      columns: told.columns.map((column, number) => ({ ...column, value: row.values[number] })),
    }));
    const whole = found.find((one) => one.coming && !one.coming.more);
    const between = (row) => (row.from === seller && row.to === buyer) || (row.from === buyer && row.to === seller);
    if (whole) sections.push({ ...whole.coming, rows: whole.coming.rows.filter(between).map((row) => ({ ...row, direction: "in" })) });
    return { seller, buyer, sections };
  }

  // The store of a replay; packets are as the visualiser would get them.
  cw.replayStore = (held) => {
    const page = pagesOf(held.inspections);
    const answer = (message) => {
      if (message.kind !== "inspect") return;
      const timeline = store.timelines[message.timeline];
      const link = message.link === undefined ? null : timeline.links[message.link];
      const data = link ? ofLink(timeline, link, (enterprise) => page(enterprise, message.period)) : page(message.enterprise, message.period);
      if (data) store.receive({ ...message, kind: "inspection", data });
    };
    const store = new cw.Store(answer);
    store.replay = true;
    // The periods in which all is told; in the others the numbers of the frames are.
    store.told = held.inspections ? held.inspections.periods : [];
    held.packets.forEach((packet) => store.receive(packet));
    return store;
  };

  // The period near by in which all is told, where it is not in this one; nothing where there is none.
  cw.toldNear = (store) => {
    const { period } = store.state;
    if (!store.replay || !store.told.length || store.told.includes(period)) return null;
    return store.told.reduce((best, one) => (Math.abs(one - period) <= Math.abs(best - period) ? one : best));
  };

  cw.replay = async (text) => {
    const root = document.querySelector(".cw-screen");
    try {
      const held = await unzipped(text);
      const store = (cw.store = cw.replayStore(held));
      if (cw.begin) cw.begin(store);
      for (const place of root.querySelectorAll("[data-part]")) {
        cw.mount(place.dataset.part, place, store, place.dataset.side ? { side: place.dataset.side } : {});
      }
      const first = held.packets[0].timeline;
      store.set({ view: "screen", a: first, period: held.period || 0 });
      document.querySelectorAll(".cw-waiting").forEach((note) => note.remove());
    } catch (error) {
      document.querySelectorAll(".cw-waiting").forEach((note) => (note.textContent = cw.text("replay.old_browser")));
      throw error;
    }
  };
})();
