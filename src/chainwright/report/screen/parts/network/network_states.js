// What is known of everybody in a period: stock, debt, how long the stock lasts, and how that looks; of every item and of its enterprise.
(function () {
  "use strict";
  const cw = window.chainwright;

  // Looks from what is empty by design to what is far too much; those between say for how many periods the stock lasts.
  cw.COVERS = ["empty", "unknown", "none", "low", "middle", "high", "plenty", "glut"];
  const [EMPTY, UNKNOWN, NONE] = [0, 1, 2];
  const GLUT = cw.COVERS.length - 1;
  // Periods that the stock lasts, from which on the next look begins.
  const STEPS = [1e-9, 1, 3, 8];
  // A glut lasts longer than the last of these, and than so many lead times.
  const LEAD_TIMES = 2;
  const LITTLE = 1e-9;
  const RECENT = 4; // periods of demand that count; where nothing was asked for in them, some lead times more, or as far back as this
  const WHILE = 52;
  const MOST = 20; // periods that the stock of one of a group counts at most

  cw.coverLook = (periods) => NONE + STEPS.filter((step) => periods >= step).length;

  // Rows of a column of items in the latest periods, this one first; the start has some.
  function latest(store, id, column, period, count) {
    const found = [];
    for (let back = 0; back < count && period - back >= 0; back += 1) {
      const values = store.at(id, "items", column, period - back);
      if (values) found.push(values);
    }
    return found;
  }
  // What is asked for in a period of late, nothing where it never was.
  function asked(demands, row, leadTime) {
    for (const periods of [RECENT, RECENT + LEAD_TIMES * Math.ceil(leadTime), WHILE]) {
      const count = Math.min(periods, demands.length);
      let sum = 0;
      for (let back = 0; back < count; back += 1) sum += demands[back][row];
      if (sum > LITTLE) return sum / count;
    }
    return 0;
  }

  // How long the stock of each item lasts, and how that looks.
  function ofItems(store, id, period, timeline, stock, owed) {
    const demands = latest(store, id, "demand", period, WHILE);
    const before = latest(store, id, "on_hand", period, RECENT + 1);
    const cover = new Float64Array(timeline.items.length).fill(Infinity);
    const look = new Int8Array(timeline.items.length).fill(EMPTY);
    timeline.items.forEach((item, row) => {
      if (item.unlimited || item.customer) return;
      const held = stock[row] || 0;
      const owes = owed[row] > LITTLE;
      if (owes || held <= LITTLE) {
        // Whoever owes has nothing to give, whatever lies behind a closed door. Who holds nothing and owes nothing is no alarm, unless
        // there was something a little while ago.
        if (owes || before.some((values) => values[row] > LITTLE)) {
          cover[row] = 0;
          look[row] = NONE;
        }
        return;
      }
      if (!demands.length) {
        look[row] = UNKNOWN;
        return;
      }
      const rate = asked(demands, row, item.lead_time || 0);
      cover[row] = rate > 0 ? held / rate : Infinity;
      const much = rate > 0 && cover[row] > STEPS[STEPS.length - 1] && cover[row] > LEAD_TIMES * (item.lead_time || 0);
      look[row] = much ? GLUT : cw.coverLook(cover[row]);
    });
    return { cover, look };
  }

  // Of each enterprise: stock, debt, what it waits for, whether it is closed; its scarcest item says how it looks.
  cw.states = (store, id, period) => {
    const timeline = store.timelines[id];
    const count = timeline.enterprises.length;
    const [onHand, backorder] = ["on_hand", "backorder"].map((column) => store.at(id, "items", column, period) || []);
    const items = { stock: onHand, owed: backorder, unlimited: timeline.items.map((item) => item.unlimited), ...ofItems(store, id, period, timeline, onHand, backorder) };
    const [stock, owed, waiting] = [0, 0, 0].map(() => new Float64Array(count));
    const cover = new Float64Array(count).fill(Infinity);
    const look = new Int8Array(count).fill(EMPTY);
    const keeps = new Uint8Array(count);
    timeline.items.forEach((item, row) => {
      const who = item.enterprise;
      owed[who] += item.unlimited ? 0 : backorder[row] || 0;
      if (item.unlimited || item.customer) return;
      keeps[who] = 1;
      stock[who] += onHand[row] || 0;
      const [mine, theirs] = [items.look[row], look[who]];
      // What is known goes before what is not, and of what is known the least.
      if (mine >= NONE ? theirs < NONE || mine < theirs : mine > theirs && theirs < NONE) look[who] = mine;
      cover[who] = Math.min(cover[who], items.cover[row]);
    });
    const debt = store.at(id, "lanes", "backorder", period);
    if (debt) timeline.lanes.forEach((lane, number) => (waiting[timeline.items[lane.buyer].enterprise] += debt[number] > LITTLE && !timeline.items[lane.seller].unlimited ? debt[number] : 0));
    return { stock, owed, cover, look, keeps, waiting, closed: store.at(id, "enterprises", "closed", period), items };
  };

  // What one item shows.
  function itemState({ item }, { items }) {
    const owed = items.unlimited[item] ? 0 : items.owed[item] || 0;
    const keeps = items.unlimited[item] ? 0 : 1;
    return { stock: items.stock[item] || 0, owed, waiting: 0, closed: 0, short: owed > LITTLE ? 1 : 0, keeps, cover: items.cover[item], look: keeps ? cw.COVERS[items.look[item]] : null };
  }

  // What a node shows, which may stand for many enterprises, or for an item of one.
  cw.nodeState = (node, states) => {
    if (node.item !== undefined) return itemState(node, states);
    const sums = { stock: 0, owed: 0, waiting: 0, closed: 0, short: 0, keeps: 0 };
    let [cover, covers, known] = [Infinity, 0, 0];
    for (const row of node.enterprises) {
      sums.stock += states.stock[row];
      sums.owed += states.owed[row];
      sums.waiting += states.waiting[row];
      if (states.closed && states.closed[row] > 0) sums.closed += 1;
      if (states.owed[row] > LITTLE) sums.short += 1;
      if (!states.keeps[row]) continue;
      sums.keeps += 1;
      cover = states.cover[row];
      if (states.look[row] < NONE) continue;
      known += 1;
      covers += Math.min(states.cover[row], MOST);
    }
    if (node.enterprises.length === 1) return { ...sums, cover, look: sums.keeps ? cw.COVERS[states.look[node.enterprises[0]]] : null };
    cover = known ? covers / known : Infinity;
    return { ...sums, cover, look: !sums.keeps ? null : known ? cw.COVERS[cw.coverLook(cover)] : cw.COVERS[sums.stock > LITTLE ? UNKNOWN : EMPTY] };
  };
})();
