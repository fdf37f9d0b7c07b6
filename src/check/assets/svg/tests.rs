use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

/// Wraps `inside` in an SVG; compares the bytes that are refused, or nothing.
#[track_caller]
fn check(inside: &str, expected: Option<&str>) {
    let head = "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">";
    check_whole(&format!("{head}{inside}</svg>"), expected);
}

#[track_caller]
fn check_whole(svg: &str, expected: Option<&str>) {
    match inspect(svg) {
        Ok(()) => assert_eq!(None, expected, "{svg}"),
        Err(rejection) => {
            let found = svg.get(rejection.at.clone()).expect("a place in the text");
            assert_eq!(Some(found), expected, "{}: {svg}", rejection.message);
        }
    }
}

#[test]
fn shapes_text_gradients_filters_and_animations_are_a_picture() {
    check("<use href='#a'/><use xlink:href=\" #a\"/><path id='a' d='M0 0' class='b' data-x='y' aria-label='z'/>", None);
    check("<text x='1'>Preis\u{a0}x = 3 &amp; &#xe9; <tspan dy='1em'>\u{3000}= 4</tspan></text>", None);
    check("<image href='data:image/png;base64,iVBORw0KGgo='/><image href='data:image/jpeg;base64,\n /9j/'/>", None);
    check("<style><![CDATA[.a > .b { fill: url(#c) }]]></style><style/>", None);
    check("<rect style='fill:url(#a)' fill='url(\"#b\")'/><filter><feImage href='#x'/></filter>", None);
    check("<animate attributeName='x' from='0' to='1' dur='1s'/><set attributeName='fill' to='url(#a)'/>", None);
    check("<a href='#part'><title>Part</title><desc>Of it</desc></a><!-- onload=\"x\" <script> -->", None);
}

#[test]
fn what_drawing_programs_write_is_a_picture() {
    check_whole(include_str!("samples/inkscape.svg"), None);
    check_whole(include_str!("samples/illustrator.svg"), None);
    check_whole(include_str!("samples/figma.svg"), None);
    check_whole(include_str!("samples/drawio.svg"), None);
    check_whole(include_str!("samples/graphviz.svg"), None);
    check_whole(include_str!("samples/mermaid.svg"), None);
    check_whole(include_str!("samples/plantuml.svg"), None);
}

#[test]
fn scripts_and_html_are_found_under_any_prefix() {
    check("<script>x</script>", Some("<script"));
    check("<SCRIPT/>", Some("<SCRIPT"));
    check("<s:script xmlns:s='http://www.w3.org/2000/svg'>x</s:script>", Some("<s:script"));
    check("<h:script xmlns:h='http://www.w3.org/1999/xhtml'/>", Some("<h:script"));
    check("<g xmlns='http://www.w3.org/1999/xhtml'/>", Some("<g"));
    check("<h:g xmlns:h='http://www.w3.org/1999/&#120;html'/>", Some("<h:g"));
    check("<math xmlns='http://www.w3.org/1998/Math/MathML'/>", Some("<math"));
    check("<foreignObject/>", Some("<foreignObject"));
    check("<metadata><a:b xmlns:a='https://e.x/'><script/></a:b></metadata>", Some("<script"));
}

#[test]
fn a_prefix_means_what_it_was_declared_as_just_here() {
    let (svg, own) = ("http://www.w3.org/2000/svg", "https://e.x/own");
    check(&format!("<g xmlns:a='{own}'><a:script/><g xmlns:a='{svg}'><a:script/></g></g>"), Some("<a:script"));
    check(&format!("<g xmlns:a='{own}'><g xmlns:a='{svg}'><a:path/></g><a:script/></g>"), None);
    check(&format!("<g xmlns:a='{own}'/><a:script/>"), Some("<"));
    check(&format!("<g xmlns='{own}'><script/></g>"), None);
    check(&format!("<g xmlns='{own}'><script xmlns='{svg}'/></g>"), Some("<script"));
    check("<g a:b='c'/>", Some("a"));
}

#[test]
fn handlers_and_unknown_attributes_are_found_at_their_names() {
    check("<circle r='1' onclick = 'x'/>", Some("onclick"));
    check("<circle\u{9}OnLoad='x'/>", Some("OnLoad"));
    check("<g formaction='x'/>", Some("formaction"));
    check("<g xml:base='https://e.x/'/>", Some("xml:base"));
    check("<a:b xmlns:a='https://e.x/' onload='x'/>", Some("onload"));
    check("<a:b xmlns:a='https://e.x/' a:onload='x' other='y'/>", None);
    check("<g xmlns:a='https://e.x/' a:onload='x'/>", Some("a:onload"));
    check("<g xmlns:a='https://e.x/' a::onload='x'/>", Some("a"));
}

#[test]
fn every_way_out_of_the_file_is_found() {
    check("<a xmlns:x='https://e.x/' x:href='/'/>", Some("x:href"));
    check("<a xmlns:x='https://e.x/' x:href='#a' x:other='/'/>", None);
    for value in [
        "https://e.x/i.png",
        "//e.x",
        "other.svg#a",
        "java&#10;script:x",
        "data:image/svg+xml;base64,AAAA",
        "data:text/html,x",
        "data:image/png,x",
        "data:image/png",
    ] {
        check(&format!("<image href='{value}'/>"), Some("href"));
    }
    check("<use xlink:href='https://e.x/#a'/>", Some("xlink:href"));
    check("<use x:href='https://e.x/#a' xmlns:x='http://www.w3.org/1999/xlink'/>", Some("x:href"));
    check("<a:b xmlns:a='https://e.x/' xlink:href='https://e.x/'/>", Some("xlink:href"));
    check("<rect fill='url(https://e.x/#a)'/>", Some("fill"));
    check("<rect style='fill:u&#114;l(//e.x)'/>", Some("style"));
    check("<style>@IMPORT 'https://e.x';</style>", Some("@IMPORT"));
    check("<style>@im<!-- -->port 'https://e.x';</style>", Some("<style"));
    check("<style>a{b:&#117;rl(//e.x)}</style>", Some("<style"));
    check("<style>@<![CDATA[import]]> 'x'</style>", Some("<style"));
    check("<style><g/></style>", Some("<g"));
}

#[test]
fn an_animation_changes_nothing_that_leads_elsewhere() {
    for name in ["href", "xlink:href", " href", "x:href", "onclick", "style", "xmlns"] {
        check(&format!("<set attributeName='{name}' to='javascript:x'/>"), Some("attributeName"));
    }
    check("<animate attributeName='fill' values='url(#a);url(https://e.x)'/>", Some("values"));
}

#[test]
fn only_utf8_is_read_and_a_declaration_stands_first() {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg'/>";
    for head in ["", "<?xml version=\"1.0\"?>", "<?xml version='1.0' encoding='utf-8' standalone='no'?>\n"] {
        check_whole(&format!("{head}{svg}"), None);
    }
    let other = "<?xml version=\"1.0\" encoding=\"ISO-2022-JP\"?>";
    check_whole(&format!("{other}{svg}"), Some(other));
    check_whole(&format!("<?xml version='1.1'?>{svg}"), Some("<"));
    check_whole(&format!(" <?xml version='1.0'?>{svg}"), Some("<"));
    for wrong in [
        "version='1.0' encoding='utf-8' encoding='utf-7'",
        "version='1.0' x encoding='utf-7'",
        "encoding='utf-8' version='1.0'",
    ] {
        check_whole(&format!("<?xml {wrong}?>{svg}"), Some("<"));
    }
    check_whole("<svg><scr\u{1b}(Bipt/></svg>", Some("\u{1b}"));
    check_whole("<\0s\0v\0g\0/\0>\0", Some("\0"));
}

#[test]
fn entities_and_instructions_are_refused() {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg'/>";
    let plain =
        "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">";
    check_whole(&format!("{plain}{svg}"), None);
    let own = "<!DOCTYPE svg [<!ENTITY a '<script/>'>]>";
    check_whole(&format!("{own}{svg}"), Some(own));
    let sheet = "<?xml-stylesheet href='a.xsl' type='text/xsl'?>";
    check_whole(&format!("{sheet}{svg}"), Some(sheet));
    check_whole(&format!("{svg}<?xpacket end='w'?><?plantuml 1.2?>"), None);
    check("<text>&nbsp;</text>", Some("&nbsp;"));
    check("<text x='&nbsp;'/>", Some("x"));
    check("<use href='&#1;#a'/>", Some("h"));
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for svg in [
        "",
        "text",
        "<svg>",
        "<svg></g>",
        "<svg/><svg/>",
        "<svg/>text",
        "<svg a/>",
        "<svg a=b/>",
        "<svg",
        "<svg/>&amp;",
    ] {
        assert!(inspect(svg).is_err(), "{svg}");
    }
    check("<text>a ]]> b</text>", Some("]"));
    check("<text>a ]]&gt; <![CDATA[ b ]] > ]]></text>", None);
    check("<g id='a'class='b'/>", Some("c"));
    check("<g id='a'\t\r\nclass='b'/>", None);
    check("<g\u{a0}id='a'/>", Some("<"));
    check("<ª/>", Some("<"));
    check("<a:b\u{feff} xmlns:a='https://e.x/' />", Some("<"));
    check("<a:größe xmlns:a='https://e.x/' a:d\u{308}='x'/>", None);
    check("<a:b xmlns:a='https://e.x/' 1='x'/>", Some("1"));
    check("<g id='a' id='b'/>", Some("<"));
    check("<g xmlns:a='https://e.x/' xmlns:b='https://e.x/' a:c='' b:c=''/>", Some("<"));
    check("<g xmlns:a='https://e.x/' xmlns:b='https://e.x/2' a:c='' b:c='' c=''/>", Some("c"));
    check("<g id='<script>'/>", Some("i"));
    check("<g \"<script>\"/>", Some("<"));
    check("</g \"<script>\">", Some("<"));
    check("<!-- a -- b -->", Some("-"));
    check("<a:b<script> xmlns:a='https://e.x/'/>", Some("<"));
    check_whole("<html xmlns='http://www.w3.org/1999/xhtml'/>", Some("<html"));
    check_whole("<g/>", Some("<g"));
}

#[test]
fn what_stands_around_the_picture_is_well_formed_too() {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg'/>";
    for name in ["svg", "svg:svg", "svg SYSTEM 'a'", "svg\tPUBLIC \"-//W3C//DTD SVG 1.1//EN\"\n'a\"b' "] {
        check_whole(&format!("<?xml version='1.0'?>\n<!DOCTYPE {name}>{svg}"), None);
    }
    for name in [
        "svg --",
        "svg / to=\"javascript:x\"/",
        "svg / ",
        "svg/",
        "1",
        "a:b:c",
        "svg PUBLIC 'a'",
        "svg PUBLIC 'a''b'",
        "svg PUBLIC '\"' 'b'",
        "svg SYSTEM",
        "svg SYSTEM'a'",
        "svg SYSTEM 'a' b",
        "svg system 'a'",
        "svg\u{a0}",
    ] {
        check_whole(&format!("<!DOCTYPE {name}>{svg}"), Some("<"));
    }
    check_whole(&format!("<!DOCTYPE svg><!DOCTYPE svg>{svg}"), Some("<"));
    for head in ["<![CDATA[ ]]>", "&#32;", "\u{a0}"] {
        check_whole(&format!("{head}{svg}"), head.get(..1).or(Some(head)));
        assert!(inspect(&format!("{svg}{head}")).is_err(), "{head}");
    }
    for wrong in ["", "encoding='utf-8'", "version='1.0'encoding='utf-8'", "version='1.0' standalone='maybe'"] {
        check_whole(&format!("<?xml {wrong}?>{svg}"), Some("<"));
    }
}

#[test]
fn a_namespace_is_declared_by_a_name_and_with_one() {
    for declared in [
        "xmlns:a=''",
        "xmlns:='https://e.x/'",
        "xmlns:1='https://e.x/'",
        "xmlns:a:b='https://e.x/'",
        "xmlns:xml='https://e.x/'",
        "xmlns:xmlns='https://e.x/'",
        "xmlns:a='http://www.w3.org/2000/xmlns/'",
        "xmlns:a='http://www.w3.org/XML/1998/namespace'",
        "xmlns='http://www.w3.org/2000/xmlns/'",
    ] {
        check(&format!("<g {declared}/>"), Some("<"));
    }
    check("<g xmlns=''/>", None);
}

/// What a reader could go through again and again: with texts of this size, this test would then take hours.
#[test]
fn time_grows_with_the_text_alone() {
    const SIZE: usize = 1_000_000;
    let fill = |part: &str| part.repeat(SIZE / part.len());
    let numbered = |part: fn(usize) -> String| {
        let mut text = String::new();
        for number in 0.. {
            if text.len() > SIZE {
                break;
            }
            write!(text, "{}", part(number)).expect("writing to a string cannot fail");
        }
        text
    };
    let texts = [
        format!("<svg>{}</svg>", fill("=")),
        format!("<svg>{}</svg>", fill("&amp;")),
        format!("<svg {}/>", fill("=")),
        format!("<svg {}/>", numbered(|at| format!(" data-{at}=''"))),
        format!("<svg {}/>", numbered(|at| format!(" xmlns:a{at}='b' a{at}:c=''"))),
        format!("<svg {}/>", numbered(|at| format!(" xmlns:a{at}='b'")) + &" a1:c=''".repeat(1_000)),
        format!("<svg xmlns:a='{}'{}/>", fill("b"), numbered(|at| format!(" a:b{at}=''"))),
        format!("<svg>{}", fill("<g>")),
        format!("<svg>{}</svg>", fill("<g xmlns:a='b'><a:c/></g>")),
        format!("<svg {}", fill("<")),
        format!("<svg>{}", fill("<!--")),
        format!("<svg>{}", fill("<![CDATA[")),
        format!("<svg><style>{}</style></svg>", fill("url(")),
        format!("<svg><style>{}</style></svg>", fill("\\")),
        format!("<svg><g style='{}'/></svg>", fill("url(#")),
        format!("<svg><g id='{}'/></svg>", fill("&#38;")),
    ];
    for text in texts {
        let _ = inspect(&text);
    }
}

proptest! {
    /// Texts as they are drawn, with something else in them somewhere.
    #[test]
    fn no_edit_of_a_picture_makes_it_panic(at in any::<Index>(), edit in "(?s).{0,6}|<[a-z:]{1,3}|&#?x?[0-9a-f]{0,3};?", cut in 0..9_usize) {
        let sample = include_str!("samples/inkscape.svg");
        let mut letters: Vec<char> = sample.chars().collect();
        let at = at.index(letters.len() - 9);
        letters.splice(at..at + cut, edit.chars());
        let text: String = letters.into_iter().collect();
        if let Err(rejection) = inspect(&text) {
            prop_assert!(text.get(rejection.at).is_some());
        }
    }
}

/// Parts of texts that mean something to XML, in every order of three.
#[test]
fn no_text_makes_it_panic() {
    let parts = [
        "<svg>",
        "</svg>",
        "<svg",
        "<!",
        "<!-",
        "<!-->",
        "<!--->",
        "-->",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE",
        "<!DOCTYPE>",
        "[",
        "]",
        "<?",
        "<?xml",
        "?>",
        "<?xml?>",
        "<?xml version='1.0'?>",
        "&",
        "&#",
        "&#x;",
        ";",
        "=",
        "'",
        "\"",
        ">",
        "/>",
        "<",
        "</",
        "\u{a0}",
        "\u{feff}",
        "é",
        ":",
        "xmlns:",
        "xmlns=''",
        "<a:b",
        "<:",
        "\\",
        "<style>",
        " ",
    ];
    for a in parts {
        for b in parts {
            for c in parts {
                for text in [format!("{a}{b}{c}"), format!("<svg>{a}{b}{c}"), format!("<svg {a}{b}{c}>")] {
                    if let Err(rejection) = inspect(&text) {
                        assert!(text.get(rejection.at).is_some(), "{text}");
                    }
                }
            }
        }
    }
}
