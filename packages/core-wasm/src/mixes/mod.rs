//! The ways in which a block mixes: its first half over the rows of the latent, its second over the channels. Each in a file
//! of its own, dense or on the free weights of a tie; the readable oracle of a tied one lies beside it.

pub mod attention;
pub mod board;
pub mod board_oracle;
pub mod board_rooms;
pub mod board_rows;
pub mod channels;
pub mod planes;
pub mod planes_oracle;
pub mod tokens;
pub mod units;
pub mod units_oracle;
