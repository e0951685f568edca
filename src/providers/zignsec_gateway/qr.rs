//! The code that starts Freja, as a picture and as the link in it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fast_qr::{ECL, QRBuilder};
use url::form_urlencoded;

use super::switches::Qr;
use crate::crypto::mac;

/// What the code says `seconds` after the order began.
///
/// Source: Freja's client library for the static link, its page on dynamic codes for the other; there the digest is base64url, its message
/// the seconds, and it never leaves the server.
pub(super) fn link(auth_ref: &str, secret: &[u8], seconds: u64, form: Qr) -> String {
    match form {
        Qr::Static => {
            let reference: String = form_urlencoded::byte_serialize(auth_ref.as_bytes()).collect();
            format!("frejaeid://bindUserToTransaction?transactionReference={reference}")
        }
        Qr::Dynamic => {
            let digest = URL_SAFE_NO_PAD.encode(mac::hmac_sha256(secret, seconds.to_string().as_bytes()));
            let action = "https://app.prod.frejaeid.com/freja?action=bindUserToTransaction&transactionReference=";
            format!("{action}{auth_ref}.{seconds}.{digest}")
        }
    }
}

/// A PNG of 200 by 200, 8-bit RGB, as in the documents' sample. Empty only if the text were too long for a code, which it never is.
pub(super) fn png(text: &str) -> Vec<u8> {
    let Ok(code) = QRBuilder::new(text).ecl(ECL::L).build() else { return Vec::new() };
    // Four modules around it stay light (ISO/IEC 18004).
    let scale = SIDE / (code.size + 8);
    let margin = (SIDE - code.size * scale) / 2;
    let mut pixels = vec![255; SIDE * SIDE * 3];
    for (y, row) in pixels.chunks_exact_mut(SIDE * 3).enumerate() {
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            let module = |at: usize| at.checked_sub(margin).map(|at| at / scale).filter(|at| *at < code.size);
            if let (Some(y), Some(x)) = (module(y), module(x))
                && code[y][x].value()
            {
                pixel.fill(0);
            }
        }
    }
    written(&pixels, SIDE).unwrap_or_default()
}

/// A picture of somebody who does not exist: a square of the person's own colour.
pub(super) fn portrait(own: [u8; 3]) -> Vec<u8> {
    const SMALL: usize = 16;
    written(&own.repeat(SMALL * SMALL), SMALL).unwrap_or_default()
}

fn written(pixels: &[u8], side: usize) -> Option<Vec<u8>> {
    let side = u32::try_from(side).ok()?;
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(pixels).ok()?;
    writer.finish().ok()?;
    Some(file)
}

const SIDE: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(file: &[u8]) -> (png::OutputInfo, Vec<u8>) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        (info, pixels)
    }

    #[test]
    fn a_reader_reads_the_link_out_of_the_picture() {
        let auth_ref = "tzsRgNnyj27CidM2f22T7I1JXG12rNldQrywr6DY4N_ysjgt3vYhQ6oleCiI0Yb4";
        for form in [Qr::Static, Qr::Dynamic] {
            let link = link(auth_ref, b"secret", 119, form);
            let (info, pixels) = decoded(&png(&link));
            assert_eq!((info.width, info.height), (200, 200));
            assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Rgb, png::BitDepth::Eight));
            let mut image = rqrr::PreparedImage::prepare_from_greyscale(200, 200, |x, y| pixels[(y * 200 + x) * 3]);
            let grids = image.detect_grids();
            assert_eq!(grids[0].decode().unwrap().1, link);
        }
    }

    #[test]
    fn the_static_link_is_frejas_and_the_dynamic_one_changes() {
        assert_eq!(link("a_b", b"", 7, Qr::Static), "frejaeid://bindUserToTransaction?transactionReference=a_b");
        let dynamic = |seconds| link("a_b", b"secret", seconds, Qr::Dynamic);
        assert!(dynamic(7).contains("transactionReference=a_b.7."));
        assert_ne!(dynamic(7), dynamic(8));
    }

    #[test]
    fn a_portrait_is_a_picture() {
        assert_eq!(decoded(&portrait([1, 2, 3])).1[..3], [1, 2, 3]);
    }
}
