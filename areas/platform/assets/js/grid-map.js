// Colours the grids of each .grid-map by the tone that the GeoJSON named by data-geojson gives them.
(() => {
  const token = { ok: "--leaf", soon: "--amber", late: "--zhu" };
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const look = (p) => ({ color: colour("--paper"), weight: 1.5, fillColor: colour(token[p.tone] ?? "--ink-3"), fillOpacity: p.tone ? 0.55 : 0.2 });
  const label = (p) => {
    const node = document.createElement("a");
    node.href = p.href;
    node.textContent = [p.committee, p.name, p.value].filter(Boolean).join(" · ");
    return node;
  };
  const draw = async (box) => {
    const response = await fetch(box.dataset.geojson, { headers: { Accept: "application/geo+json" } });
    if (!response.ok) return;
    const map = L.map(box, { attributionControl: false, zoomSnap: 0.25 });
    const layer = L.geoJSON(await response.json(), {
      style: (feature) => look(feature.properties),
      onEachFeature: (feature, shape) => {
        shape.bindPopup(() => label(feature.properties));
        shape.bindTooltip(() => [feature.properties.name, feature.properties.value].filter(Boolean).join(" · "));
      },
    }).addTo(map);
    if (layer.getLayers().length) map.fitBounds(layer.getBounds(), { padding: [12, 12] });
    else map.setView([31.17, 121.08], 12);
  };
  document.querySelectorAll(".grid-map").forEach(draw);
})();
