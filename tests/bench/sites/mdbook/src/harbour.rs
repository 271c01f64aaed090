fn main() {
    println!("{}", level(3.0));
}

// ANCHOR: tide
fn level(hours: f64) -> f64 {
    (hours / 12.42).sin()
}
// ANCHOR_END: tide
