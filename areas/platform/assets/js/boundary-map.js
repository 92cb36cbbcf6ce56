// Draws the GeoJSON named by data-geojson into each .boundary-map. No tiles: nothing is asked of other hosts.
(() => {
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const look = (properties) => {
    if (properties.fault) return { color: colour("--zhu"), weight: 2, fillOpacity: 0.5 };
    switch (properties.change) {
      case "new": return { color: colour("--leaf"), weight: 2, fillOpacity: 0.25 };
      case "changed": return { color: colour("--amber"), weight: 2, fillOpacity: 0.25 };
      case "closed": return { color: colour("--ink-3"), weight: 1, dashArray: "4 4", fillOpacity: 0.1 };
      default: return { color: colour("--qing"), weight: 1, fillOpacity: 0.08 };
    }
  };
  const label = (p) => {
    const text = [p.code, p.name].filter(Boolean).join(" ") + (p.m2 ? ` · ${p.m2} m²` : "");
    const node = document.createElement(p.href ? "a" : "span");
    node.textContent = text;
    if (p.href) node.href = p.href;
    return node;
  };
  const draw = async (box) => {
    const response = await fetch(box.dataset.geojson, { headers: { Accept: "application/geo+json" } });
    if (!response.ok) return;
    const map = L.map(box, { attributionControl: false, zoomSnap: 0.25 });
    const layer = L.geoJSON(await response.json(), {
      style: (feature) => look(feature.properties),
      pointToLayer: (feature, at) => L.circleMarker(at, { ...look(feature.properties), radius: 4 }),
      onEachFeature: (feature, shape) => {
        if (feature.properties.name) shape.bindPopup(() => label(feature.properties));
      },
    }).addTo(map);
    if (layer.getLayers().length) map.fitBounds(layer.getBounds(), { padding: [12, 12] });
    else map.setView([31.17, 121.08], 12);
  };
  document.querySelectorAll(".boundary-map").forEach(draw);
})();
