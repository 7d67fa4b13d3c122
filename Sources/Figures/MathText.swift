/// One stretch of text in one font, placed relative to the start of the baseline.
struct TextRun: Sendable, Equatable {
  var text: String
  var font: Font
  var x = 0.0
  /// Upwards shift of the baseline.
  var rise = 0.0
  var advance = 0.0
}

/// Splits markup into runs.
///
/// Outside `$…$` text is plain. Inside, single Latin and lower-case Greek letters are italic, words, digits and signs
/// upright, `_` and `^` set the next character or `{…}` as subscript or superscript, and `-` is a minus sign. `\$` is a
/// dollar sign.
enum MathText {
  static func runs(_ markup: String, size: Double, isBold: Bool) -> [TextRun] {
    var parser = Parser(characters: Array(markup), isBold: isBold)
    parser.parse(size: size, rise: 0, until: nil)
    return parser.runs
  }

  /// The text without markup, for accessible names.
  static func plain(_ markup: String) -> String {
    runs(markup, size: 10, isBold: false).map(\.text).joined()
  }
}

private struct Parser {
  let characters: [Character]
  let isBold: Bool
  var position = 0
  var isMath = false
  var runs: [TextRun] = []

  init(characters: [Character], isBold: Bool) {
    self.characters = characters
    self.isBold = isBold
  }

  mutating func parse(size: Double, rise: Double, until end: Character?) {
    while position < characters.count {
      let character = characters[position]
      position += 1
      if character == end { return }
      switch character {
      case "\\" where position < characters.count:
        append(characters[position], size: size, rise: rise)
        position += 1
      case "$": isMath.toggle()
      case "_" where isMath: script(size: size * 0.7, rise: rise - size * 0.2)
      case "^" where isMath: script(size: size * 0.7, rise: rise + size * 0.36)
      default: append(isMath && character == "-" ? "−" : character, size: size, rise: rise)
      }
    }
  }

  private mutating func script(size: Double, rise: Double) {
    guard position < characters.count else { return }
    let character = characters[position]
    position += 1
    if character == "{" {
      parse(size: size, rise: rise, until: "}")
    } else {
      append(character == "-" ? "−" : character, size: size, rise: rise)
    }
  }

  private mutating func append(_ character: Character, size: Double, rise: Double) {
    let isWord = character.isASCII && character.isLetter && hasLetterBeside
    let isOblique = isMath && !isWord && Self.isVariable(character)
    let font = Font(size: size, isOblique: isOblique, isBold: isBold)
    if let last = runs.last, last.font == font, last.rise == rise {
      runs[runs.count - 1].text.append(character)
    } else {
      runs.append(TextRun(text: String(character), font: font, rise: rise))
    }
  }

  /// Whether the character before or after the one just read is a Latin letter: names such as max are set upright.
  private var hasLetterBeside: Bool {
    func isLetter(_ index: Int) -> Bool {
      characters.indices.contains(index) && characters[index].isASCII && characters[index].isLetter
    }
    return isLetter(position - 2) || isLetter(position)
  }

  private static func isVariable(_ character: Character) -> Bool {
    guard let scalar = character.unicodeScalars.first else { return false }
    return scalar.isASCII ? character.isLetter : (0x3b1...0x3c9).contains(scalar.value)
  }
}
