// Tells that Python has not answered for a while: who does not know it clicks once more, and all of it is done later.
(function () {
  "use strict";
  const cw = window.chainwright;
  if (cw.waiting) return;

  const LATE = 3000;
  // What is answered in any case, by a packet or by a refusal.
  const ANSWERED = new Set(["hello", "open", "upload", "act", "disrupt", "undo", "branch", "compare", "swap", "watch", "inspect", "bands", "many", "code", "share", "export"]);

  // Answers how to stop.
  cw.waiting = (store) => {
    const { send, receive } = store;
    let clock = null;
    const words = () => cw.text("page.no_answer");

    store.send = (message) => {
      const timeline = store.timelines[message.timeline];
      const asks = ANSWERED.has(message.kind) || (message.kind === "need" && timeline && message.to > timeline.played);
      if (asks && clock === null) clock = setTimeout(() => !store.state.busy && store.set({ busy: words() }), LATE);
      send(message);
    };
    store.receive = (packet) => {
      clearTimeout(clock);
      clock = null;
      if (store.state.busy === words()) store.set({ busy: null });
      receive(packet);
    };
    return () => {
      clearTimeout(clock);
      Object.assign(store, { send, receive });
    };
  };
})();
