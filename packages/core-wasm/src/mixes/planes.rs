//! The channel mix of Sudoku on its free weights: a SwiGLU of maps that treat all digits alike. A few rows at a time, so that
//! nothing of it leaves the first-level cache.

use crate::config::{DIGITS, UnitSizes};
use crate::matmul::silu::{GATE_SCALE, Silu, UP_SCALE};
use crate::matmul::simd128::rms_of_rows;
use crate::matmul::walk::quads_times_panels;
use crate::matmul::{PackedColumns, TILE_ROWS, tiles};
use crate::state::{LANES, Lane8, Panels, QUAD};
use crate::weights::{PlaneMap, PlaneWeights};
use core::arch::wasm32::*;

/// Where all planes meet: what planes and shared channels take from (sum of all planes, shared channels).
struct PackedMap {
    /// A plane to itself, `[.., m]`.
    own: PackedColumns,
    /// From (sum of planes `m`, shared `s`).
    common: PackedColumns,
}

/// Quads of planes and of shared channels, on the outer side or the inner one.
#[derive(Clone, Copy)]
struct Quads {
    plane: usize,
    shared: usize,
}

pub struct PlaneMix {
    outer: Quads,
    inner: Quads,
    /// To pairs of four gates and the four up maps that belong to them, scaled for `Silu::times_scaled`: own ones, then, of `common`, first those of planes.
    gate_up: PackedMap,
    down: PackedMap,
}

impl PlaneMix {
    pub fn pack(weights: &PlaneWeights) -> Self {
        let UnitSizes { plane: m, shared: s, plane_inner: p, shared_inner: r, .. } = weights.sizes;
        let PlaneWeights { gate, up, down, .. } = weights;
        let half = |at: usize| if at % LANES < QUAD { gate } else { up };
        let scale = |at: usize| if at % LANES < QUAD { GATE_SCALE } else { UP_SCALE };
        // The inner channel of a place among the pairs.
        let inner = |at: usize| at / LANES * QUAD + at % QUAD;
        let gate_up = PackedMap {
            own: PackedColumns::pack(2 * p, m, &|at, column| scale(at) * half(at).own[inner(at) * m + column]),
            common: PackedColumns::pack(2 * (p + r), m + s, &|at, column| {
                scale(at) * common_weight(half(at), (m, s), p, inner(at), column)
            }),
        };
        let down = PackedMap {
            own: PackedColumns::pack(m, p, &|row, column| down.own[row * p + column]),
            common: PackedColumns::pack(m + s, p + r, &|row, column| common_weight(down, (p, r), m, row, column)),
        };
        let quads = |plane: usize, shared: usize| Quads { plane: plane / QUAD, shared: shared / QUAD };
        Self { outer: quads(m, s), inner: quads(p, r), gate_up, down }
    }

    /// `h = rms(h + mix(h))`; h is `[rows, 9 m + s]`.
    pub fn apply(&self, h: &mut Panels, scratch: &mut PlaneScratch, eps: f32) {
        for rows in tiles(h.rows) {
            self.read_common(h, rows, scratch);
            self.run_common(rows.1, scratch);
            for digit in 0..DIGITS {
                self.run_plane(h, rows, digit, scratch);
            }
            self.add_common(h, rows, scratch);
            rms_of_rows(h, rows, eps);
        }
    }

    /// `seen` = (sum of all planes, shared channels).
    fn read_common(&self, h: &Panels, (start, height): (usize, usize), scratch: &mut PlaneScratch) {
        let Quads { plane, shared } = self.outer;
        for row in 0..height {
            for quad in 0..plane {
                let sum = (1..DIGITS).fold(h.quad(start + row, quad), |sum, digit| {
                    f32x4_add(sum, h.quad(start + row, digit * plane + quad))
                });
                scratch.seen.set_quad(row, quad, sum);
            }
            for quad in 0..shared {
                scratch.seen.set_quad(row, plane + quad, h.quad(start + row, DIGITS * plane + quad));
            }
        }
    }

    /// What `seen` gives to every plane's gates and up maps, and the shared hidden channels.
    fn run_common(&self, height: usize, scratch: &mut PlaneScratch) {
        let PlaneScratch { seen, to_planes, looks, active, .. } = scratch;
        let (Quads { plane, shared }, silu) = (self.inner, Silu::new());
        let depth = (0, self.outer.plane + self.outer.shared);
        let of_planes = self.gate_up.common.panels(0, plane);
        quads_times_panels(seen, (0, height), depth, of_planes, None, to_planes.as_flattened_mut());
        let of_shared = self.gate_up.common.panels(plane, shared);
        quads_times_panels(seen, (0, height), depth, of_shared, None, looks.as_flattened_mut());
        for (pair, rows) in looks[..shared].iter().enumerate() {
            for (row, gate_up) in rows[..height].iter().enumerate() {
                active.set_quad(row, plane + pair, silu.times_scaled(gate_up.quad(0), gate_up.quad(1)));
            }
        }
        // Where the sum of the planes' hidden channels grows.
        for row in 0..height {
            (0..plane).for_each(|quad| active.set_quad(row, quad, f32x4_splat(0.0)));
        }
    }

    /// One plane's hidden channels, and what they give to the plane itself, added to h.
    fn run_plane(&self, h: &mut Panels, rows: (usize, usize), digit: usize, scratch: &mut PlaneScratch) {
        let PlaneScratch { to_planes, looks, active, hidden, .. } = scratch;
        let (start, height) = rows;
        let Quads { plane, .. } = self.outer;
        let first = digit * plane;
        let (own, common) = (self.gate_up.own.panels(0, self.inner.plane), to_planes.as_flattened());
        quads_times_panels(h, rows, (first, plane), own, Some(common), looks.as_flattened_mut());
        let silu = Silu::new();
        for (pair, rows) in looks[..self.inner.plane].iter().enumerate() {
            for (row, gate_up) in rows[..height].iter().enumerate() {
                let value = silu.times_scaled(gate_up.quad(0), gate_up.quad(1));
                hidden.set_quad(row, pair, value);
                active.add_quad(row, pair, value);
            }
        }
        let down = self.down.own.panels(0, plane.div_ceil(2));
        quads_times_panels(hidden, (0, height), (0, self.inner.plane), down, None, looks.as_flattened_mut());
        for quad in 0..plane {
            for (row, value) in looks[quad / 2][..height].iter().enumerate() {
                h.add_quad(start + row, first + quad, value.quad(quad % 2));
            }
        }
    }

    /// What (sum of the planes' hidden channels, shared ones) gives, added to h.
    fn add_common(&self, h: &mut Panels, (start, height): (usize, usize), scratch: &mut PlaneScratch) {
        let PlaneScratch { looks, active, .. } = scratch;
        let Quads { plane, shared } = self.outer;
        let depth = (0, self.inner.plane + self.inner.shared);
        let down = self.down.common.panels(0, (plane + shared).div_ceil(2));
        quads_times_panels(active, (0, height), depth, down, None, looks.as_flattened_mut());
        for quad in 0..plane + shared {
            for (row, value) in looks[quad / 2][..height].iter().enumerate() {
                let value = value.quad(quad % 2);
                let digits = if quad < plane { 0..DIGITS } else { DIGITS - 1..DIGITS };
                digits.for_each(|digit| h.add_quad(start + row, digit * plane + quad, value));
            }
        }
    }
}

/// The weight of a map from place `column` of (sum of planes `m`, shared `s`) to place `row` of (a plane `p`, shared).
fn common_weight(map: &PlaneMap, (m, s): (usize, usize), p: usize, row: usize, column: usize) -> f32 {
    match (row < p, column < m) {
        (true, true) => map.planes[row * m + column],
        (true, false) => map.from_shared[row * s + column - m],
        (false, true) => map.to_shared[(row - p) * m + column],
        (false, false) => map.shared[(row - p) * s + column - m],
    }
}

/// Buffers of a few rows, the same for all layers.
pub struct PlaneScratch {
    /// (sum of all planes, shared channels).
    seen: Panels,
    /// What these give to four gates and four up maps of every plane, `[pairs][rows]`.
    to_planes: Vec<[Lane8; TILE_ROWS]>,
    /// Products on their way into `active`, `hidden` or the latent, `[panels][rows]`.
    looks: Vec<[Lane8; TILE_ROWS]>,
    /// (sum of the planes' hidden channels, shared hidden channels).
    active: Panels,
    /// One plane's hidden channels.
    hidden: Panels,
}

impl PlaneScratch {
    pub fn new(sizes: UnitSizes) -> Self {
        let UnitSizes { plane, shared, plane_inner, shared_inner, .. } = sizes;
        let most = (plane_inner.max(shared_inner) / QUAD).max((plane + shared).div_ceil(LANES));
        Self {
            looks: vec![[Lane8::default(); TILE_ROWS]; most],
            seen: Panels::new(TILE_ROWS, plane + shared),
            to_planes: vec![[Lane8::default(); TILE_ROWS]; plane_inner / QUAD],
            active: Panels::new(TILE_ROWS, plane_inner + shared_inner),
            hidden: Panels::new(TILE_ROWS, plane_inner),
        }
    }
}
