//! Brotli, once at build time instead of at every request.

use crate::Files;
use brotli::enc::BrotliEncoderParams;

/// Smaller files gain nothing.
const WORTHWHILE_BYTES: usize = 1_024;

/// A `.br` beside every file that gets smaller by it.
pub(crate) fn all(files: &Files, optimise: bool) -> Result<Files, String> {
    let parameters = BrotliEncoderParams {
        quality: if optimise { 11 } else { 4 },
        lgwin: 22,
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Files::new();
    for (path, bytes) in files {
        if bytes.len() < WORTHWHILE_BYTES || path.ends_with(".woff2") {
            continue;
        }
        let mut small = Vec::new();
        brotli::BrotliCompress(&mut bytes.as_slice(), &mut small, &parameters)
            .map_err(|error| format!("{path}: {error}"))?;
        if small.len() < bytes.len() {
            compressed.insert(format!("{path}.br"), small);
        }
    }
    Ok(compressed)
}
