//! The kernel's own sources, all but its wasm surface, built for this machine: overflow and places outside of slices end
//! a test, and an address sanitizer sees what its pointers read. Its users are the tests beside it.

// Under this name the sources find wasm32's instructions.
extern crate intrinsics as core;

#[path = "../../src/blocks.rs"]
pub mod blocks;
#[path = "../../src/config.rs"]
pub mod config;
#[path = "../../src/matmul/mod.rs"]
pub mod matmul;
#[path = "../../src/mixes/mod.rs"]
pub mod mixes;
#[path = "../../src/noise/mod.rs"]
pub mod noise;
#[path = "../../src/oracle.rs"]
pub mod oracle;
#[path = "../../src/recursion.rs"]
pub mod recursion;
#[path = "../../src/rooms.rs"]
pub mod rooms;
#[path = "../../src/state.rs"]
pub mod state;
#[path = "../../src/weights/mod.rs"]
pub mod weights;
