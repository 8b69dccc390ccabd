//! The token mix of pencil boards as one would write it down: what each cell sees of each other, one channel after another.
//! The oracle of `board`.

use crate::config::BoardSizes;
use crate::oracle::{Board, silu};
use crate::weights::BoardWeights;

/// With a half, what lies nearest in a ray outweighs all behind it.
const DECAY: f32 = 0.5;
const RAYS: [(isize, isize); 4] = [(0, 1), (1, 0), (0, -1), (-1, 0)];

/// What the room's tap keeps of each cell.
const ROOM_SHARE: f32 = 0.25;

/// What one cell sees of another: each tap through which it does, and how much.
fn seen(Board { grid, rooms }: Board, knows_rooms: bool, from: usize, to: usize) -> Vec<(usize, f32)> {
    let place = |cell: usize| ((cell / grid.columns) as isize, (cell % grid.columns) as isize);
    let (row, column) = (place(to).0 - place(from).0, place(to).1 - place(from).1);
    let mut taps = vec![];
    if row.abs() <= 1 && column.abs() <= 1 {
        taps.push((((row + 1) * 3 + column + 1) as usize, 1.0));
    }
    for (way, (down, right)) in RAYS.into_iter().enumerate() {
        let along = row * down + column * right;
        if along <= 0 || row * right != column * down {
            continue;
        }
        let share = DECAY.powi(along as i32 - 1);
        taps.push((9 + way, share));
        // A ray that knows rooms ends at the border: all cells on its way are of one room.
        let on_way = |n: isize| from.strict_add_signed(n * (down * grid.columns as isize + right));
        if knows_rooms && (1..=along).all(|n| rooms.of[on_way(n)] == rooms.of[from]) {
            if along == 1 {
                taps.push((13 + way, 1.0));
            }
            taps.push((17 + way, share));
        }
    }
    if knows_rooms && rooms.of[from] == rooms.of[to] {
        taps.push((21, ROOM_SHARE));
    }
    taps
}

/// By type, what each cell takes of each other by the kernels of gates, up maps and outputs: `[cells, cells]` each.
fn taken(weights: &BoardWeights, board: Board) -> Vec<[Vec<f32>; 3]> {
    let (BoardSizes { types, rooms, .. }, taps, cells) = (weights.sizes, weights.sizes.taps(), board.grid.cells());
    let pairs = (0..cells).flat_map(|from| (0..cells).map(move |to| (from, to)));
    let seen: Vec<_> = pairs.map(|(from, to)| seen(board, rooms, from, to)).collect();
    let by_kernel = |kernel: &[f32]| {
        let weight = |taps: &Vec<(usize, f32)>| taps.iter().map(|&(tap, share)| kernel[tap] * share).sum();
        seen.iter().map(weight).collect()
    };
    let kernel = |part: usize, kind: usize| &weights.kernels[(part * types + kind) * taps..][..taps];
    (0..types).map(|kind| core::array::from_fn(|part| by_kernel(kernel(part, kind)))).collect()
}

/// What the mix adds to h, row-major `[prefix + cells, d]`.
pub fn board_mix(weights: &BoardWeights, board: Board, h: &[f32], d: usize) -> Vec<f32> {
    let (taken, mut out) = (taken(weights, board), vec![0.0; h.len()]);
    for channel in 0..d {
        let column: Vec<f32> = h.iter().skip(channel).step_by(d).copied().collect();
        for (row, value) in mix_channel(weights, &taken, board.grid.side(), &column).into_iter().enumerate() {
            out[row * d + channel] = value;
        }
    }
    out
}

/// One channel `[prefix + cells]`.
fn mix_channel(weights: &BoardWeights, taken: &[[Vec<f32>; 3]], side: f32, h: &[f32]) -> Vec<f32> {
    let BoardSizes { types, board_units: units, .. } = weights.sizes;
    let (prefix, cells) = h.split_at(weights.prefix);
    let mut out = vec![0.0; h.len()];
    let dot = |row: &[f32]| row.iter().zip(prefix).map(|(w, p)| w * p).sum::<f32>();
    for (kind, taken) in taken.iter().enumerate() {
        for from in 0..cells.len() {
            let looked = |half: usize| {
                let bias = dot(&weights.prefix_in[(half * types + kind) * prefix.len()..][..prefix.len()]);
                let row = &taken[half][from * cells.len()..][..cells.len()];
                row.iter().zip(cells).map(|(weight, cell)| weight * cell).sum::<f32>() + bias
            };
            let hidden = silu(looked(0)) * looked(1);
            // A cell's output looks at the hidden units around it as their gates look at the cells around them.
            for to in 0..cells.len() {
                out[prefix.len() + to] += taken[2][to * cells.len() + from] * hidden;
            }
            (0..prefix.len()).for_each(|p| out[p] += weights.prefix_out[p * types + kind] / side * hidden);
        }
    }
    let sum = cells.iter().sum::<f32>() / side;
    for unit in 0..units {
        let [gate, up] = [unit, units + unit]
            .map(|at| weights.board_in[at] * sum + dot(&weights.board_prefix_in[at * prefix.len()..][..prefix.len()]));
        let hidden = silu(gate) * up;
        (0..cells.len()).for_each(|cell| out[prefix.len() + cell] += weights.board_out[unit] * hidden);
        (0..prefix.len()).for_each(|p| out[p] += weights.board_prefix_out[p * units + unit] * hidden);
    }
    out
}
