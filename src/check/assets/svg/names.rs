//! What pictures are made of: the elements and attributes of SVG that draw, name or move something, and nothing else.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::xml::is_name;

/// Elements of SVG 1.1, SVG 2 and, as drawing programs still write them, of its drafts. Not among them: `script`,
/// `foreignObject`, `handler`, `listener`, and what SVG takes from HTML.
const ELEMENTS: &str = "
    a altGlyph altGlyphDef altGlyphItem animate animateColor animateMotion animateTransform circle clipPath
    color-profile cursor defs desc discard ellipse feBlend feColorMatrix feComponentTransfer feComposite
    feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG
    feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting
    feSpotLight feTile feTurbulence filter flowDiv flowLine flowPara flowRegion flowRegionExclude flowRoot flowSpan
    font font-face font-face-format font-face-name font-face-src font-face-uri g glyph glyphRef hatch hatchPath
    hatchpath hkern image line linearGradient marker mask mesh meshGradient meshPatch meshRow meshgradient meshpatch
    meshrow metadata missing-glyph mpath path pattern polygon polyline radialGradient rect set solidColor solidcolor
    stop style svg switch symbol text textPath title tref tspan unknown use view vkern";

/// Attributes, without `href`, which is looked at by itself, and those of [`TEXT_ATTRIBUTES`].
const ATTRIBUTES: &str = "
    accent-height accumulate additive alignment-baseline allowReorder alphabetic amplitude arabic-form ascent attributeName
    attributeType autoReverse azimuth background background-color baseFrequency baseProfile baseline-shift bbox begin
    bias block-progression by calcMode cap-height clip clip-path clip-rule clipPathUnits clipRule color
    color-interpolation color-interpolation-filters color-profile color-rendering contentScriptType contentStyleType
    crossorigin cursor cx cy decelerate descent diffuseConstant direction display divisor dominant-baseline dur dx dy
    edgeMode elevation enable-background end exponent externalResourcesRequired fill fill-opacity fill-rule filter
    filterRes filterUnits flood-color flood-opacity font font-family font-feature-settings font-kerning font-size
    font-size-adjust font-stretch font-style font-synthesis font-variant font-variant-caps font-variant-east-asian
    font-variant-ligatures font-variant-numeric font-variant-position font-variation-settings font-weight format fr
    from fx fy g1 g2 glyph-name glyph-orientation-horizontal glyph-orientation-vertical glyphRef gradientTransform
    gradientUnits hanging height hreflang horiz-adv-x horiz-origin-x horiz-origin-y ideographic image-rendering in in2
    inline-size intercept isolation k k1 k2 k3 k4 kernelMatrix kernelUnitLength kerning keyPoints keySplines keyTimes
    lengthAdjust letter-spacing lighting-color limitingConeAngle line-height line-increment local marker marker-end
    marker-mid marker-start markerHeight markerUnits markerWidth mask mask-image mask-mode mask-type maskContentUnits
    maskUnits mathematical max media method min mix-blend-mode mode numOctaves offset opacity operator order orient
    orientation origin outline overflow overline-position overline-thickness paint-order panose-1 pathLength
    patternContentUnits patternTransform patternUnits pointer-events pointsAtX pointsAtY pointsAtZ preserveAlpha
    preserveAspectRatio primitiveUnits r radius refX refY rel rendering-intent repeatCount repeatDur
    requiredExtensions requiredFeatures requiredFonts requiredFormats restart result rotate rx ry scale seed
    shape-inside shape-margin shape-padding shape-rendering shape-subtract side slope solid-color solid-opacity spacing
    specularConstant specularExponent spreadMethod startOffset stdDeviation stemh stemv stitchTiles stop-color
    stop-opacity strikethrough-position strikethrough-thickness string stroke stroke-alignment stroke-dasharray
    stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width style surfaceScale
    systemLanguage tabindex tableValues target targetX targetY text-align text-align-all text-align-last text-anchor
    text-decoration text-decoration-color text-decoration-fill text-decoration-line text-decoration-stroke
    text-decoration-style text-indent text-orientation text-overflow text-rendering text-shadow text-transform
    textLength timelineBegin to transform transform-box transform-origin transformOrigin type u1 u2
    underline-position underline-thickness unicode unicode-bidi unicode-range units-per-em v-alphabetic v-hanging
    v-ideographic v-mathematical values vector-effect version vert-adv-y vert-origin-x vert-origin-y vertical-align
    viewBox viewTarget visibility white-space width widths will-change word-spacing writing-mode x x-height x1 x2
    xChannelSelector y y1 y2 yChannelSelector z zoomAndPan";

/// Attributes that nothing but programs and readers of the text look at; `content` is where draw.io keeps a drawing.
const TEXT_ATTRIBUTES: &str = "class codeLine content d id lang name path points role title";

static KNOWN_ELEMENTS: LazyLock<HashSet<&str>> = LazyLock::new(|| ELEMENTS.split_whitespace().collect());
static KNOWN_ATTRIBUTES: LazyLock<HashSet<&str>> = LazyLock::new(|| ATTRIBUTES.split_whitespace().collect());

/// Whether an element of SVG may be in a picture.
pub(super) fn is_element(name: &str) -> bool {
    KNOWN_ELEMENTS.contains(name)
}

/// Whether an attribute may be in a picture, if its value loads nothing.
pub(super) fn is_attribute(name: &str) -> bool {
    KNOWN_ATTRIBUTES.contains(name)
}

/// Whether an attribute may be in a picture with any value.
pub(super) fn is_text_attribute(name: &str) -> bool {
    let for_programs = name.starts_with("data-") || name.starts_with("aria-");
    (for_programs && is_name(name)) || TEXT_ATTRIBUTES.split_whitespace().any(|known| known == name)
}

/// Whether a processing instruction of this name is one that drawing programs write and browsers pass over.
pub(super) fn is_instruction(name: &str) -> bool {
    matches!(name, "plantuml" | "plantuml-src" | "xpacket")
}

/// Whether an animation may change the attribute of this name, with or without a prefix.
pub(super) fn may_change(name: &str) -> bool {
    let name = name.trim();
    let local = name.rsplit(':').next().unwrap_or(name);
    local != "style" && local != "attributeName" && (is_attribute(local) || matches!(local, "class" | "d" | "points"))
}

/// Whether an address leads to something in the file itself: a name in it, or a picture that is written out.
pub(super) fn is_inside(url: &str) -> bool {
    let url = url.trim_start_matches(|c: char| c <= ' ');
    if url.is_empty() || url.starts_with('#') {
        return true;
    }
    let kinds = ["png", "jpeg", "jpg", "gif", "webp", "avif"];
    let start = url.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:"));
    let kind = url.get(5..).filter(|_| start).and_then(|rest| rest.split(',').next()).unwrap_or_default();
    let kind = kind.get(..40).unwrap_or(kind).to_ascii_lowercase();
    kinds.iter().any(|known| kind.strip_prefix("image/").and_then(|rest| rest.strip_prefix(known)) == Some(";base64"))
}

/// Whether a namespace is one that those who make browsers and their standards hand out.
pub(super) fn is_of_the_web(uri: &str) -> bool {
    let uri = uri.trim().to_ascii_lowercase();
    if uri.starts_with("urn:schemas-microsoft-com") {
        return true;
    }
    let host = uri.split_once("//").map_or(uri.as_str(), |(_, rest)| rest);
    let host = host.split(['/', ':', '#', '?']).next().unwrap_or_default();
    ["w3.org", "mozilla.org", "whatwg.org"]
        .iter()
        .any(|known| host.strip_suffix(known).is_some_and(|before| before.is_empty() || before.ends_with('.')))
}
