// A small map without tiles: the grids' outlines and the day's homes, north up.
/** Width and height of the drawing, and the room around it. */
export const SIDE = 360;
export const MARGIN = 16;

/** Fits longitudes and latitudes into the drawing without stretching; null without a point. */
export const frame = (points) => {
  if (!points.length) return null;
  const [lons, lats] = [points.map((p) => p[0]), points.map((p) => p[1])];
  const [west, east, south, north] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)];
  // A degree of longitude is shorter than one of latitude by the cosine of the latitude.
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = (SIDE - 2 * MARGIN) / Math.max((east - west) * squeeze, north - south, 1e-5);
  return ([lon, lat]) => [MARGIN + (lon - west) * squeeze * scale, MARGIN + (north - lat) * scale];
};

const written = ([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`;

/** What is to be drawn: outlines as points of polygons, and places of homes. */
export const drawing = (grids, homes) => {
  const placed = homes.filter((h) => Number.isFinite(h.home.lon) && Number.isFinite(h.home.lat));
  const rings = grids.flatMap((g) => ringsOf(g.outline));
  const at = frame([...rings.flat(), ...placed.map((h) => [h.home.lon, h.home.lat])]);
  if (!at) return null;
  return {
    outlines: rings.map((ring) => ring.map((p) => written(at(p))).join(" ")),
    pins: placed.map((item) => ({ item, x: at([item.home.lon, item.home.lat])[0], y: at([item.home.lon, item.home.lat])[1] })),
    nowhere: homes.length - placed.length,
  };
};

/** One ring, or several. */
const ringsOf = (outline) => (!outline?.length ? [] : Array.isArray(outline[0][0]) ? outline : [outline]);
