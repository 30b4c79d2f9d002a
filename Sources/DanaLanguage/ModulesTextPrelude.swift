/// The part of the module `text` that is written in Dana: patterns and matches as structs, and what calls functions.
enum ModulesTextPrelude {
    static let source = SourceText(functions + patterns + matches, name: SourceText.preludePrefix + " text>")

    private static let functions = #"""
        def compile(pattern, flags=0):
            """A pattern to search with again and again."""
            if isinstance(pattern, Pattern):
                return pattern
            if not isinstance(pattern, str):
                raise TypeError(f"a pattern is a str, or what compile() gives, got {_type_name(pattern)}")
            if not isinstance(flags, int):
                raise TypeError(f"the flags of a pattern are an int, got {_type_name(flags)}")
            groups, names = _groups(pattern, flags)
            return Pattern(pattern, flags, groups, names)

        def search(pattern, string, flags=0):
            """The first match anywhere in a text, or null."""
            return compile(pattern, flags).search(string)

        def match(pattern, string, flags=0):
            """The match at the beginning of a text, or null."""
            return compile(pattern, flags).match(string)

        def fullmatch(pattern, string, flags=0):
            """The match of the whole text, or null."""
            return compile(pattern, flags).fullmatch(string)

        def matches(pattern, string, flags=0):
            """Whether the whole text matches."""
            return compile(pattern, flags).fullmatch(string) is not null

        def findall(pattern, string, flags=0):
            """What all matches hold, or their groups."""
            return compile(pattern, flags).findall(string)

        def find_all(pattern, string, flags=0):
            """What all matches hold, or their groups."""
            return compile(pattern, flags).findall(string)

        def finditer(pattern, string, flags=0):
            """The matches one after the other."""
            return compile(pattern, flags).finditer(string)

        def split(pattern, string, maxsplit=0, flags=0):
            """The text between the matches."""
            return compile(pattern, flags).split(string, maxsplit)

        def sub(pattern, repl, string, count=0, flags=0):
            """The text with the matches replaced by a template or by what a function gives."""
            return compile(pattern, flags).sub(repl, string, count)

        def subn(pattern, repl, string, count=0, flags=0):
            """As sub, with the number of replacements."""
            return compile(pattern, flags).subn(repl, string, count)

        def replace(pattern, repl, string, count=0, flags=0):
            """The text with the matches replaced by a template or by what a function gives."""
            return compile(pattern, flags).sub(repl, string, count)


        """#

    private static let patterns = #"""
        struct Pattern:
            pattern: str
            flags: int
            groups: int
            groupindex: dict

        func (p: Pattern) search(string, pos=0, endpos=null):
            return _found(p, string, pos, endpos, _match(p.pattern, p.flags, string, pos, endpos, 0))

        func (p: Pattern) match(string, pos=0, endpos=null):
            return _found(p, string, pos, endpos, _match(p.pattern, p.flags, string, pos, endpos, 1))

        func (p: Pattern) fullmatch(string, pos=0, endpos=null):
            return _found(p, string, pos, endpos, _match(p.pattern, p.flags, string, pos, endpos, 2))

        func (p: Pattern) findall(string, pos=0, endpos=null):
            return _find_all(p.pattern, p.flags, string, pos, endpos)

        func (p: Pattern) finditer(string, pos=0, endpos=null):
            return _each_match(p, string, pos, endpos, _spans(p.pattern, p.flags, string, pos, endpos))

        func (p: Pattern) split(string, maxsplit=0):
            return _split(p.pattern, p.flags, string, maxsplit)

        func (p: Pattern) sub(repl, string, count=0):
            return p.subn(repl, string, count)[0]

        func (p: Pattern) subn(repl, string, count=0):
            if isinstance(repl, str):
                return _sub(p.pattern, p.flags, string, repl, count)
            parts = []
            start = 0
            done = 0
            for found in _spans(p.pattern, p.flags, string):
                if count != 0 and done >= count:
                    break
                spans = found[0]
                parts.append(string[start:spans[0]])
                parts.append(repl(_found(p, string, 0, null, found)))
                start = spans[1]
                done += 1
            parts.append(string[start:])
            return ("".join(parts), done)

        def _found(pattern, string, pos, endpos, found):
            if found is null:
                return null
            end = len(string) if endpos is null else min(max(endpos, 0), len(string))
            return Match(string, pattern, found[0], min(max(pos, 0), len(string)), end, found[1], found[2])

        def _each_match(pattern, string, pos, endpos, all_found):
            for found in all_found:
                yield _found(pattern, string, pos, endpos, found)


        """#

    private static let matches = #"""
        struct Match:
            string: str
            re: Pattern
            spans: tuple
            pos: int
            endpos: int
            lastindex: int | None
            lastgroup: str | None

        def _group_number(m, group):
            if isinstance(group, int) and 0 <= group and group < len(m.spans) // 2:
                return group
            if isinstance(group, str):
                if group in m.re.groupindex:
                    return m.re.groupindex[group]
            raise IndexError("no such group")

        def _group_text(m, number, default):
            start = m.spans[2 * number]
            return default if start < 0 else m.string[start:m.spans[2 * number + 1]]

        func (m: Match) group(*groups):
            if len(groups) == 0:
                return _group_text(m, 0, null)
            if len(groups) == 1:
                return _group_text(m, _group_number(m, groups[0]), null)
            return tuple([_group_text(m, _group_number(m, group), null) for group in groups])

        func (m: Match) __getitem__(group):
            return _group_text(m, _group_number(m, group), null)

        func (m: Match) groups(default=null):
            return tuple([_group_text(m, number, default) for number in range(1, len(m.spans) // 2)])

        func (m: Match) groupdict(default=null):
            return {name: _group_text(m, number, default) for name, number in m.re.groupindex.items()}

        func (m: Match) start(group=0):
            return m.spans[2 * _group_number(m, group)]

        func (m: Match) end(group=0):
            return m.spans[2 * _group_number(m, group) + 1]

        func (m: Match) span(group=0):
            number = _group_number(m, group)
            return (m.spans[2 * number], m.spans[2 * number + 1])

        """#
}
