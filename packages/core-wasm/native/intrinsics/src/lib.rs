//! `core` with the instructions of `core::arch::wasm32` that the kernel uses, in plain Rust: the kernel's sources then
//! build for any machine as they are. Lane by lane as the WebAssembly specification says.

pub use ::core::*;

pub mod arch {
    #[allow(non_camel_case_types, clippy::missing_safety_doc)]
    pub mod wasm32 {
        /// Four lanes of f32, or the same bits as i32.
        #[derive(Clone, Copy, Debug)]
        pub struct v128(pub [f32; 4]);

        pub const fn f32x4(a: f32, b: f32, c: f32, d: f32) -> v128 {
            v128([a, b, c, d])
        }

        fn lanes(a: v128, b: v128, apply: impl Fn(f32, f32) -> f32) -> v128 {
            v128(::core::array::from_fn(|i| apply(a.0[i], b.0[i])))
        }

        fn bits(a: v128, apply: impl Fn(u32) -> u32) -> v128 {
            v128(a.0.map(|lane| f32::from_bits(apply(lane.to_bits()))))
        }

        fn bits2(a: v128, b: v128, apply: impl Fn(u32, u32) -> u32) -> v128 {
            v128(::core::array::from_fn(|i| f32::from_bits(apply(a.0[i].to_bits(), b.0[i].to_bits()))))
        }

        /// As wasm loads do, at any alignment.
        pub unsafe fn v128_load(from: *const v128) -> v128 {
            unsafe { from.read_unaligned() }
        }

        pub unsafe fn v128_store(to: *mut v128, value: v128) {
            unsafe { to.write_unaligned(value) }
        }

        pub unsafe fn v128_load32_splat(from: *const u32) -> v128 {
            v128([f32::from_bits(unsafe { from.read_unaligned() }); 4])
        }

        pub fn f32x4_splat(value: f32) -> v128 {
            v128([value; 4])
        }

        pub fn f32x4_extract_lane<const LANE: usize>(a: v128) -> f32 {
            a.0[LANE]
        }

        pub fn f32x4_add(a: v128, b: v128) -> v128 {
            lanes(a, b, |x, y| x + y)
        }

        pub fn f32x4_sub(a: v128, b: v128) -> v128 {
            lanes(a, b, |x, y| x - y)
        }

        pub fn f32x4_mul(a: v128, b: v128) -> v128 {
            lanes(a, b, |x, y| x * y)
        }

        pub fn f32x4_div(a: v128, b: v128) -> v128 {
            lanes(a, b, |x, y| x / y)
        }

        pub fn f32x4_max(a: v128, b: v128) -> v128 {
            lanes(a, b, |x, y| if x.is_nan() || y.is_nan() { f32::NAN } else { x.max(y) })
        }

        /// `b < a ? b : a`
        pub fn f32x4_pmin(a: v128, b: v128) -> v128 {
            lanes(a, b, |x, y| if y < x { y } else { x })
        }

        /// `a < b ? b : a`
        pub fn f32x4_pmax(a: v128, b: v128) -> v128 {
            lanes(a, b, |x, y| if x < y { y } else { x })
        }

        pub fn f32x4_neg(a: v128) -> v128 {
            v128(a.0.map(|lane| -lane))
        }

        pub fn f32x4_sqrt(a: v128) -> v128 {
            v128(a.0.map(f32::sqrt))
        }

        pub fn f32x4_abs(a: v128) -> v128 {
            v128(a.0.map(f32::abs))
        }

        pub fn f32x4_convert_i32x4(a: v128) -> v128 {
            v128(a.0.map(|lane| lane.to_bits() as i32 as f32))
        }

        pub fn v128_xor(a: v128, b: v128) -> v128 {
            bits2(a, b, |x, y| x ^ y)
        }

        pub fn i32x4_splat(value: i32) -> v128 {
            v128([f32::from_bits(value as u32); 4])
        }

        pub fn i32x4_add(a: v128, b: v128) -> v128 {
            bits2(a, b, u32::wrapping_add)
        }

        pub fn i32x4_sub(a: v128, b: v128) -> v128 {
            bits2(a, b, u32::wrapping_sub)
        }

        pub fn i32x4_shl(a: v128, by: u32) -> v128 {
            bits(a, |lane| lane << (by % 32))
        }

        pub fn i32x4_shr(a: v128, by: u32) -> v128 {
            bits(a, |lane| (lane as i32 >> (by % 32)) as u32)
        }

        pub fn u32x4_shr(a: v128, by: u32) -> v128 {
            bits(a, |lane| lane >> (by % 32))
        }

        pub fn i32x4_shuffle<const A: usize, const B: usize, const C: usize, const D: usize>(a: v128, b: v128) -> v128 {
            let lane = |i: usize| if i < 4 { a.0[i] } else { b.0[i - 4] };
            v128([lane(A), lane(B), lane(C), lane(D)])
        }
    }
}
