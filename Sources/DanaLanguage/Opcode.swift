/// What an instruction does.
///
/// `R[x]` is a register of the running call. `A`, `B`, `C` are the instruction's 16-bit operands, `X` its 8-bit one;
/// `BC` is `B` and `C` as one signed 32-bit number, `I` is `C` as a signed 16-bit number, `J` is `C` and `X` as one
/// signed 24-bit number. Jumps are relative to the instruction that follows. A result replaces what its register
/// held. Operands stay where they are unless the line says "takes": then the register is left undefined.
/// "Drains" marks operands that the machine may replace by a list of what a generator gives, running the
/// instruction again afterwards: they must be temporaries. `none` is the operand 0xFFFF.
/// Arithmetic with `X` = 1 is an augmented assignment: lists, sets and dicts are changed in place.
enum Opcode: UInt8, CaseIterable, Sendable {
    // Loads
    case loadConstant  // R[A] = constants[BC]
    case loadInteger  // R[A] = the integer BC
    case loadNull  // R[A] = null
    case loadTrue  // R[A] = true
    case loadFalse  // R[A] = false
    case clear  // R[A] = undefined
    case move  // R[A] = R[B]
    case take  // R[A] = R[B], takes B
    case checkLocal  // UnboundLocalError for names[BC] when R[A] is undefined

    // Variables of the module, of scopes, and captured ones
    case getGlobal  // R[A] = globals[BC], else the core's or built-in of that name, else NameError
    case setGlobal  // globals[BC] = R[A]
    case deleteGlobal  // globals[BC] = undefined; NameError when it is
    case getScope  // R[A] = the variable names[B] of scope X (`ScopeKind`)
    case setScope  // the variable names[B] of scope X = R[A]
    case deleteScope  // removes the variable names[B] of scope X
    case makeCell  // R[A] = a cell that holds R[A], undefined included
    case getCell  // R[A] = what the cell R[B] holds; NameError for names[C] when undefined
    case setCell  // the cell R[A] holds R[B]
    case getCapture  // R[A] = what the function's cell B holds; NameError for names[C] when undefined
    case setCapture  // the function's cell A holds R[B]

    // Functions and calls
    case makeFunction  // R[A] = a function of codes[B]; takes its defaults from R[C], R[C+1], ...
    case call  // R[A] = R[A](R[A+1], ..., R[A+B]); takes all, drains the arguments
    case callKeywords  // the same with keywordNames[C]: their values are the last of the B arguments
    case lacksArguments  // R[A] = whether the function R[B] needs more than C arguments
    case stageFunction  // R[A] = what a declared pipe calls for its first stage's value R[B], or null for a plain value
    case callSpread  // R[A] = R[A](*R[A+1], **R[A+2]); takes all, drains; R[A+2] is a dict or undefined
    case callMethod  // R[A] = R[A].sites[C](R[A+1], ..., R[A+B]); takes all, drains the arguments
    case callMethodKeywords  // the same with the site's keyword names
    case `return`  // leaves the call with R[A], takes A
    case returnNull  // leaves the call with null
    case yield  // gives R[B] to whoever drives the generator, takes B; on resumption R[A] = the value sent, or null

    // Arithmetic
    case add  // R[A] = R[B] + R[C]
    case subtract  // R[A] = R[B] - R[C]
    case multiply  // R[A] = R[B] * R[C]
    case divide  // R[A] = R[B] / R[C]
    case floorDivide  // R[A] = R[B] // R[C]
    case remainder  // R[A] = R[B] % R[C]
    case power  // R[A] = R[B] ** R[C]
    case shiftLeft  // R[A] = R[B] << R[C]
    case shiftRight  // R[A] = R[B] >> R[C]
    case and  // R[A] = R[B] & R[C]
    case pipe  // R[A] = R[B] | R[C]: or, union, application or composition
    case exclusiveOr  // R[A] = R[B] ^ R[C]
    case addInteger  // R[A] = R[B] + I
    case subtractInteger  // R[A] = R[B] - I
    case multiplyInteger  // R[A] = R[B] * I
    case floorDivideInteger  // R[A] = R[B] // I
    case remainderInteger  // R[A] = R[B] % I
    case andInteger  // R[A] = R[B] & I
    case shiftLeftInteger  // R[A] = R[B] << I
    case shiftRightInteger  // R[A] = R[B] >> I
    case negate  // R[A] = -R[B]
    case plus  // R[A] = +R[B]
    case invert  // R[A] = ~R[B]
    case not  // R[A] = not R[B]
    case truth  // R[A] = bool(R[B])

    // Comparisons
    case less  // R[A] = R[B] < R[C]
    case lessOrEqual  // R[A] = R[B] <= R[C]
    case greater  // R[A] = R[B] > R[C]
    case greaterOrEqual  // R[A] = R[B] >= R[C]
    case equal  // R[A] = R[B] == R[C]
    case notEqual  // R[A] = R[B] != R[C]
    case identical  // R[A] = R[B] is R[C]
    case notIdentical  // R[A] = R[B] is not R[C]
    case contains  // R[A] = R[B] in R[C]; drains C
    case containsNot  // R[A] = R[B] not in R[C]; drains C

    // Jumps
    case jump  // by BC
    case jumpIfTrue  // by BC when R[A] is true
    case jumpIfFalse  // by BC when R[A] is false
    case jumpIfNull  // by BC when R[A] is null
    case jumpIfUndefined  // by BC when R[A] is undefined
    case jumpIfLess  // by J when R[A] < R[B]
    case jumpIfLessOrEqual  // by J when R[A] <= R[B]
    case jumpIfGreater  // by J when R[A] > R[B]
    case jumpIfGreaterOrEqual  // by J when R[A] >= R[B]
    case jumpIfEqual  // by J when R[A] == R[B]
    case jumpIfNotEqual  // by J when R[A] != R[B]
    case jumpIfNotLess  // by J unless R[A] < R[B]
    case jumpIfNotLessOrEqual  // by J unless R[A] <= R[B]
    case jumpIfNotGreater  // by J unless R[A] > R[B]
    case jumpIfNotGreaterOrEqual  // by J unless R[A] >= R[B]
    case jumpIfLessInteger  // by J when R[A] < the signed 16 bits of B; likewise those below
    case jumpIfLessOrEqualInteger
    case jumpIfGreaterInteger
    case jumpIfGreaterOrEqualInteger
    case jumpIfEqualInteger
    case jumpIfNotEqualInteger
    case jumpIfNotLessInteger
    case jumpIfNotLessOrEqualInteger
    case jumpIfNotGreaterInteger
    case jumpIfNotGreaterOrEqualInteger

    // Iteration and unpacking
    case getIterator  // R[A], R[A+1], R[A+2] = an iteration over R[B]; with X R[B] becomes the iterator that was made
    case forNext  // R[B] = the next item of the iteration at R[A], then by J; at its end R[A] = a generator's result
    case sendTo  // a generator R[A] is sent R[B] by the `forNext` that follows; takes B, which must be null for others
    case throwInto  // raises R[B] where the generator R[A] stands, if anywhere, and goes on as `forNext`
    case closeIteration  // clears R[A]; a suspended generator that nothing else holds is closed first
    case unpack  // R[A], ..., R[A+B-1] = the B items of R[C]; takes and drains C
    case unpackStar  // R[A], ... = B items, a list of those between, X items of R[C]; takes and drains C

    // Items and attributes
    case getItem  // R[A] = R[B][R[C]]
    case getItemInteger  // R[A] = R[B][I]
    case setItem  // R[A][R[B]] = R[C]
    case deleteItem  // del R[A][R[B]]
    case makeSlice  // R[A] = slice(R[B], R[B+1], R[B+2]), takes them
    case getAttribute  // R[A] = R[B].sites[C]
    case requireAttribute  // AttributeError unless R[A] has sites[C]
    case setAttribute  // R[A].sites[C] = R[B]
    case deleteAttribute  // del R[A].sites[C]

    // Building
    case makeList  // R[A] = a list of R[B], ..., R[B+C-1], takes them
    case makeTuple  // R[A] = a tuple of R[B], ..., R[B+C-1], takes them
    case makeSet  // R[A] = a set of R[B], ..., R[B+C-1], takes them
    case makeDict  // R[A] = a dict of the C pairs R[B], R[B+1], ..., takes them
    case listAppend  // the list R[A] gets R[B], takes B
    case listExtend  // the list R[A] gets the items of R[B]; takes and drains B
    case setAdd  // the set R[A] gets R[B], takes B
    case setUpdate  // the set R[A] gets the items of R[B]; takes and drains B
    case dictSet  // the dict R[A] gets R[C] under R[B], takes B and C
    case dictUpdate  // the dict R[A] gets the pairs of the mapping R[B], takes B
    case dictMerge  // the same for `**` in a call of R[C]: names must be strings, and new
    case listToTuple  // R[A] = a tuple of the list R[A]'s items
    case formatValue  // R[A] = format(R[B], R[C] or none) after conversion X: 0 none, else "s", "r" or "a"
    case joinStrings  // R[A] = the strings R[B], ..., R[B+C-1] as one, takes them

    // Exceptions
    case raise  // raises R[A] from R[B] (or none); an exception kind is called first
    case reraise  // raises R[A] again, its trace kept
    case matchException  // R[A] = whether the exception R[B] is of the kind, or of one in the tuple, R[C]
    case assertFailed  // raises AssertionError with the message R[A] (or none)
    case testFailed  // raises AssertionError that says of R[A], or R[A] and R[B], what `FailedTest` X says
    case shown  // R[A] = a text of R[B] as a failed `assert` shows it (X = 1: types by their names)
    case enter  // R[A] = R[B].__enter__()
    case leave  // R[A] = R[B].__exit__(kind, exception R[C], null), or with nulls for none; uses R[A], ..., R[A+3]

    // Patterns and types
    case matchSequence  // R[A] = R[B] is a list or tuple of C items (X = 1: at least C)
    case matchMapping  // R[A] = R[B] is a dict
    case matchKeys  // R[A] = a tuple of the dict R[B]'s values under the keys in the tuple R[C], or null
    case matchRest  // R[A] = a copy of the dict R[B] without the keys in the tuple R[C]
    case matchType  // R[A] = whether R[B] is of the type R[C]
    case matchPositional  // R[A] = a tuple of what C positional patterns see of R[B], whose type is R[A]; or null
    case matchAttribute  // R[A] = R[B].sites[C], or undefined when there is none
    case typeOf  // R[A] = the type of R[B]
    case checkType  // TypeError naming names[C] unless R[A] is of the type R[B]; X says what it is (`CheckedPlace`)

    // Definitions
    case makeStruct  // R[A] = structs[B]; takes the types R[A+1], ... and after them the defaults
    case makeEnum  // R[A] = enums[B]; takes the members' values R[A+1], ...
    case makeInterface  // R[A] = interfaces[B]; takes the fields' types R[A+1], ...
    case defineMethod  // the struct R[A] gets the method names[B], the function R[C]

    // Modules
    case importModule  // R[A] = the module that imports[BC] asks for
    case importName  // R[A] = the variable names[C] of the module R[B], or its submodule
    case importAll  // the running module gets the public names of the module R[A] (X = 1: functions only)
    case exportName  // the running module exports names[BC]

    // What linking makes of pairs and triples (`Fusion`): the first one's operands; the others follow
    case loadIntegerThenRemainder
    case loadIntegerThenSetItem
    case loadIntegerThenJump
    case multiplyIntegerThenAdd
    case addThenRemainder
}
