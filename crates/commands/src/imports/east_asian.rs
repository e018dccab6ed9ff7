//! Knows short lists of Chinese, Japanese and Korean people by their family names: a row or two are too few letters to tell
//! their encodings from others by how often letters stand.

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GBK, SHIFT_JIS};

use super::charset::Charset;

/// Longer texts tell their encoding by themselves.
const SHORT: usize = 4096;

/// Family names of one letter, and of several, by the encodings that people of that name write.
const FAMILIES: &[(&[&Encoding], &str, &str)] = &[
    (
        &[GBK],
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭\
         陆范汪廖石金韦贾夏付方熊白孟秦侯江尹薛雷龙黎史陶贺毛顾万武钱戴严莫孔向常汤",
        "欧阳 司马 诸葛 上官",
    ),
    (
        &[BIG5],
        "陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周徐蘇葉莊呂江何羅高蕭潘朱簡鍾彭游詹胡施沈余趙盧梁顏柯孫魏翁戴范宋方鄧杜傅侯\
         曹薛丁馬蔣唐藍石卓",
        "歐陽 司馬 諸葛 上官",
    ),
    (
        &[SHIFT_JIS, EUC_JP],
        "林森原関",
        "佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 渡部 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 斎藤 齋藤 斉藤 清水 山崎 \
         阿部 池田 橋本 山下 石川 中島 前田 藤田 小川 後藤 岡田 長谷川 村上 近藤 石井 坂本 遠藤 青木 藤井 西村 福田 太田 三浦 岡本 \
         松田 中川 中野 原田 小野 田村 竹内 金子 和田 中山 石田 上田 森田 柴田 酒井 工藤 横山 宮崎 宮本 内田 高木 安藤 谷口 大野 \
         丸山 今井 藤原 河野 武田 上野 松井 千葉 野口 菊地 菊池 久保 木下 佐野 野村 松尾 市川 杉山 島田 古川 水野 桜井 高田 吉川 \
         山内 西田 飯田 西川 小松 北村 川口 平野 久保田 新井 大塚 川上 永井 増田 大西 東 星野 関口",
    ),
    (
        &[EUC_KR],
        "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위\
         표명기반왕금옥육인맹제모",
        "남궁 황보 선우 제갈",
    ),
];

/// Returns the encoding in which every cell that is not ASCII is a word of that script, and one begins with a family name;
/// nothing where none or several fit.
pub(super) fn guess(sample: &[u8]) -> Option<Charset> {
    if sample.len() > SHORT {
        return None;
    }
    let mut fitting = FAMILIES.iter().flat_map(|(encodings, short, long)| {
        let named = encodings
            .iter()
            .map(|encoding| (*encoding, families(encoding, sample, short, long)));
        named.filter(|(_, families)| *families > 0)
    });
    let mut best = fitting.next()?;
    let mut is_tie = false;
    for other in fitting {
        is_tie = other.1 == best.1 || is_tie && other.1 < best.1;
        if other.1 > best.1 {
            best = other;
        }
    }
    (!is_tie).then_some(Charset::Web(best.0))
}

/// Counts the cells that are a family name, or begin with one; none where the text is not of that script.
fn families(encoding: &'static Encoding, sample: &[u8], short: &str, long: &str) -> usize {
    let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(sample) else {
        return 0;
    };
    let mut found = 0;
    for cell in text.split([',', ';', '\t', '|', '"', '\n', '\r']) {
        let cell = cell.trim();
        if cell.is_ascii() {
            continue;
        }
        if !is_of_script(cell) {
            return 0;
        }
        let letters = cell
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .count();
        let is_short = letters <= 4 && cell.starts_with(|first| short.contains(first));
        let is_long = letters <= 6 && long.split_whitespace().any(|name| cell.starts_with(name));
        found += usize::from(is_short || is_long);
    }
    found
}

/// Tells whether a cell has words of East Asia, without a letter of another script in them.
fn is_of_script(cell: &str) -> bool {
    let is_east_asian = |letter: char| matches!(letter, '\u{3001}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{ff01}'..='\u{ff5e}');
    let letters: Vec<char> = cell.chars().collect();
    let is_whole =
        |letter: &char| letter.is_ascii() || is_east_asian(*letter) || letter.is_whitespace();
    // A letter of Latin and one of Chinese beside it come from an umlaut before a consonant.
    let is_mixed = |pair: &[char]| match pair {
        [one, two] => {
            is_east_asian(*one) && two.is_ascii_alphabetic()
                || one.is_ascii_alphabetic() && is_east_asian(*two)
        }
        _ => false,
    };
    letters.iter().all(is_whole) && !letters.windows(2).any(is_mixed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{
        ISO_8859_2, ISO_8859_5, KOI8_R, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253,
        WINDOWS_1255, WINDOWS_1256,
    };

    fn guessed(encoding: &'static Encoding, rows: &str) -> Option<String> {
        let text = format!("First Name,Last Name,Email\n{rows},a@example.com\n");
        let (bytes, _, has_unmappable) = encoding.encode(&text);
        assert!(!has_unmappable, "{rows}");
        guess(&bytes).map(Charset::name)
    }

    #[test]
    fn one_row_with_a_family_name_is_enough() {
        for (encoding, rows) in [
            (SHIFT_JIS, ["一郎,鈴木", "翔,伊藤", "ケン,山田"].as_slice()),
            (EUC_JP, &["一郎,鈴木", "翔,伊藤", "健太,高橋"]),
            (GBK, &["伟,张", "芳,李", "静,刘", "秀英,杨", "丽娜,黄"]),
            (BIG5, &["冠宇,吳", "志明,陳", "美玲,蔡"]),
            (EUC_KR, &["민수,김", "서연,이", "하은,강"]),
        ] {
            for row in rows {
                let name = Some(encoding.name().to_owned());
                assert_eq!(guessed(encoding, row), name, "{row}");
            }
        }
    }

    #[test]
    fn names_in_other_scripts_are_none_of_them() {
        for (encoding, rows) in [
            (
                WINDOWS_1252,
                ["Jörg,Müller", "Zoë,Weiß", "JÖRG,MÜLLER", "Inês,Simões"].as_slice(),
            ),
            (WINDOWS_1250, &["Łukasz,Żuk", "Šárka,Nováková"]),
            (ISO_8859_2, &["Łukasz,Żuk", "Šárka,Nováková"]),
            (
                WINDOWS_1251,
                &[
                    "Ольга,Иванова",
                    "Игорь,Смирнов",
                    "Иван,Петров",
                    "АННА,ПЕТРОВА",
                ],
            ),
            (KOI8_R, &["Ольга,Иванова", "Юлия,Кузнецова"]),
            (ISO_8859_5, &["Ольга,Иванова", "Юлия,Кузнецова"]),
            (WINDOWS_1253, &["Ελένη,Παπαδοπούλου", "ΑΝΝΑ,ΝΙΚΟΛΑΟΥ"]),
            (WINDOWS_1255, &["נועה,כהן"]),
            (WINDOWS_1256, &["محمد,أحمد"]),
        ] {
            for row in rows {
                assert_eq!(guessed(encoding, row), None, "{row} in {}", encoding.name());
            }
        }
    }
}
