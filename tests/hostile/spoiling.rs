//! Spoils sound input: bits, pieces taken out, doubled, put elsewhere, or replaced by what parsers stumble over.

use crate::effort::Random;

/// What any parser may stumble over.
const TOKENS: &[&str] = &[
    "",
    "\0",
    "\"",
    "'",
    "\\",
    "\r",
    "\n",
    "\u{feff}",
    "\u{202e}",
    "\u{fffd}",
    "😀",
    "é",
    "-1",
    "0",
    "1e999",
    "NaN",
    "99999999999999999999999",
    "0.1",
    "true",
    "null",
    "{",
    "}",
    "[",
    "]",
    "[[[[[[[[",
    "(",
    ")",
    ",",
    ";",
    "=",
    "%",
    "{%",
    "%}",
    "&",
    "\t",
    "2026-02-30",
    "0000-00-00T00:00:00Z",
    "\u{d7ff}",
    "\u{10ffff}",
    "--",
    "/*",
    "%00",
    "%u0000",
    "\\u0000",
    "\\ud800",
];

/// Repeats a piece so often at most: 64 KiB of one letter.
const LONGEST: u64 = 64 * 1024;

/// Returns sound input with up to eight things wrong in it.
pub(crate) fn spoilt(random: &mut Random, sound: &[&[u8]], tokens: &[&str]) -> Vec<u8> {
    let mut bytes = pick(random, sound).to_vec();
    for _ in 0..=random.below(8) {
        spoil(random, &mut bytes, sound, tokens);
    }
    bytes
}

fn spoil(random: &mut Random, bytes: &mut Vec<u8>, sound: &[&[u8]], tokens: &[&str]) {
    let (from, to) = piece(random, bytes.len());
    match random.below(8) {
        0 if !bytes.is_empty() => {
            let at = from.min(bytes.len() - 1);
            bytes[at] ^= 1 << random.below(8);
        }
        1 => drop(bytes.drain(from..to)),
        2 => {
            let copy = bytes[from..to].to_vec();
            bytes.splice(from..from, copy);
        }
        3 => {
            let token = if random.below(2) == 0 && !tokens.is_empty() {
                *pick(random, tokens)
            } else {
                *pick(random, TOKENS)
            };
            bytes.splice(from..to, token.bytes());
        }
        4 => {
            let other = pick(random, sound);
            let (begin, end) = piece(random, other.len());
            bytes.splice(from..to, other[begin..end].iter().copied());
        }
        5 => {
            let short = &bytes[from..to.min(from + 8)];
            let times = random.below(LONGEST / (short.len() as u64).max(1));
            let many = short.repeat(usize::try_from(times).unwrap());
            bytes.splice(from..from, many);
        }
        6 => bytes.truncate(to),
        _ => {
            let noise: Vec<u8> = (0..random.below(16))
                .map(|_| random.below(256) as u8)
                .collect();
            bytes.splice(from..to, noise);
        }
    }
    bytes.truncate(1 << 20);
}

/// A piece of something so long, most often a short one.
fn piece(random: &mut Random, length: usize) -> (usize, usize) {
    let from = random.below(length as u64 + 1) as usize;
    let longest = if random.below(4) == 0 { length } else { 12 };
    let to = from + random.below(longest as u64 + 1) as usize;
    (from, to.min(length))
}

fn pick<'a, T>(random: &mut Random, all: &'a [T]) -> &'a T {
    &all[random.below(all.len() as u64) as usize]
}
