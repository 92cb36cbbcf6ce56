// Draws each figure.chart above the table that stands in it. The table is the source: what is drawn is what it says.
(() => {
  const LOOKS = [
    { colour: "var(--qing)", line: "solid", symbol: "circle" },
    { colour: "var(--amber)", line: "dashed", symbol: "rect" },
    { colour: "var(--ink-2)", line: "dotted", symbol: "triangle" },
  ];
  const fontFamily = getComputedStyle(document.body).fontFamily;
  const words = { color: "var(--ink-2)", fontFamily, fontSize: 13 };
  const number = (text) => (text === "" || text === undefined ? null : Number(text));

  const read = (figure) => {
    const rows = [...figure.querySelectorAll("tbody tr")];
    const series = [...figure.querySelectorAll("thead th")].slice(1).map((head, n) => ({
      name: head.textContent,
      look: LOOKS[n % LOOKS.length],
      cells: rows.map((row) => {
        const cell = row.cells[n + 1];
        return { text: cell.textContent, value: number(cell.dataset.value), low: number(cell.dataset.low), high: number(cell.dataset.high) };
      }),
    }));
    return { names: rows.map((row) => row.cells[0].textContent), links: rows.map((row) => row.querySelector("a")?.href), series };
  };

  const axes = (figure, names, bars) => {
    const [from, until] = [number(figure.dataset.from), number(figure.dataset.until)];
    const value = {
      type: "value", min: from, max: until ?? undefined, interval: until === null ? undefined : (until - from) / 5, minInterval: 1,
      axisLabel: { ...words, hideOverlap: true, formatter: `{value}${figure.dataset.unit}` }, splitLine: { lineStyle: { color: "var(--line)" } },
    };
    const line = { lineStyle: { color: "var(--edge)" } };
    const category = {
      type: "category", data: names, inverse: bars, axisLine: line, axisTick: { show: !bars, ...line },
      axisLabel: { ...words, color: bars ? "var(--ink)" : "var(--ink-2)", interval: bars ? 0 : "auto", width: bars ? 110 : undefined, overflow: "truncate" },
    };
    return bars ? { xAxis: value, yAxis: category } : { xAxis: category, yAxis: value };
  };

  const mark = (figure, bars) => {
    const at = number(figure.dataset.mark);
    if (at === null) return undefined;
    return {
      silent: true, symbol: "none", data: [bars ? { xAxis: at } : { yAxis: at }],
      lineStyle: { color: "var(--zhu)", type: [8, 4], width: 1.5 }, label: { show: false },
    };
  };

  // What the line across is called stands in a corner, where nothing is drawn.
  const markName = (figure) => ({
    show: figure.dataset.mark !== "", text: `╌╌ ${figure.dataset.markName}`, top: 0, right: 0, padding: 0,
    textStyle: { ...words, color: "var(--zhu)", fontWeight: "normal" },
  });

  // The interval of a line: an unseen line at its lower end, and on top of it an area as high as it is wide.
  const interval = ({ cells, look }, n) => {
    if (!cells.some((c) => c.low !== null)) return [];
    const bare = { type: "line", stack: `interval-${n}`, silent: true, symbol: "none", lineStyle: { opacity: 0 }, emphasis: { disabled: true }, tooltip: { show: false } };
    return [
      { ...bare, data: cells.map((c) => c.low) },
      { ...bare, data: cells.map((c) => (c.low === null ? null : c.high - c.low)), areaStyle: { color: look.colour, opacity: 0.16 } },
    ];
  };

  const drawn = (figure, series, bars) =>
    series.flatMap((one, n) => {
      const shared = { name: one.name, itemStyle: { color: one.look.colour }, emphasis: { disabled: true }, markLine: n === 0 ? mark(figure, bars) : undefined };
      const data = one.cells.map((c) => c.value);
      if (bars) {
        const label = { show: true, position: "right", ...words, color: "var(--ink)", formatter: (at) => one.cells[at.dataIndex].text };
        return [{ ...shared, type: "bar", barMaxWidth: 18, label, data }];
      }
      const line = { color: one.look.colour, type: one.look.line, width: 2 };
      return [...interval(one, n), { ...shared, type: "line", symbol: one.look.symbol, symbolSize: 8, lineStyle: line, data }];
    });

  const option = (figure, { names, series }, bars, narrow) => ({
    animation: false,
    textStyle: { fontFamily },
    title: markName(figure),
    grid: bars ? { left: 122, right: 56, top: 28, bottom: 28 } : { left: 52, right: 20, top: narrow ? 64 : 36, bottom: 28 },
    legend: { show: series.length > 1, top: narrow ? 24 : 0, left: 0, padding: 0, data: series.map((s) => s.name), textStyle: { ...words, color: "var(--ink)" }, itemWidth: 32, selectedMode: false },
    tooltip: bars ? { show: false } : {
      trigger: "axis", renderMode: "richText", backgroundColor: "var(--paper)", borderColor: "var(--edge)", textStyle: { ...words, color: "var(--ink)" },
      formatter: (at) => [names[at[0].dataIndex], ...series.map((s) => `${s.name} ${s.cells[at[0].dataIndex].text}`)].join("\n"),
    },
    ...axes(figure, names, bars),
    series: drawn(figure, series, bars),
  });

  const draw = (figure) => {
    const table = read(figure);
    const bars = figure.dataset.chart === "bars";
    const details = figure.querySelector("details");
    const box = document.createElement("div");
    box.className = "chart-box";
    box.setAttribute("aria-hidden", "true");
    box.style.height = bars ? `${table.names.length * 28 + 56}px` : "260px";
    details.before(box);
    const chart = echarts.init(box, null, { renderer: "svg" });
    chart.setOption(option(figure, table, bars, box.clientWidth < 560));
    chart.on("click", (at) => { if (table.links[at.dataIndex]) location.href = table.links[at.dataIndex]; });
    new ResizeObserver(() => chart.resize()).observe(box);
    details.open = false;
    // On paper both the drawing and its table are there.
    addEventListener("beforeprint", () => {
      details.open = true;
      const svg = box.querySelector("svg");
      svg?.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
    });
    addEventListener("afterprint", () => { details.open = false; });
  };

  document.querySelectorAll("figure.chart").forEach(draw);
})();
