extension NativeCatalogue {
    /// Everything that Dana comes with.
    static let standard = NativeCatalogue(
        functions: BuiltinsSequences.functions + BuiltinsText.functions + BuiltinsNumbers.functions
            + BuiltinsTypes.functions + BuiltinsSequences.preludeFunctions + MethodsList.preludeFunctions + [
                SecurityReport.function,
                NativeFunction(
                    "parallel", [NativeParameter("functions", .rest)],
                    "Calls functions side by side and returns the list of their results.", action: .parallel),
                NativeFunction(
                    "parallel_map",
                    [
                        NativeParameter("function"), NativeParameter("iterable", drains: true),
                        NativeParameter("limit", .either, default: .null),
                    ], "Calls a function for every item, at most limit at a time, and returns the list of results.",
                    action: .parallelMap),
                NativeFunction(
                    "_next", [NativeParameter("iterator"), NativeParameter("fallback", default: .absent)],
                    "The next item, or at the end the fallback.", action: .next),
            ],
        members: [
            .string: MethodsString.table, .bytes: MethodsBytes.table, .list: MethodsList.table,
            .tuple: MethodsTuple.tuples, .range: MethodsTuple.ranges, .dict: MethodsDict.dicts,
            .dictKeys: MethodsDict.views, .dictItems: MethodsDict.views, .set: MethodsSet.sets,
            .frozenSet: MethodsSet.frozenSets, .int: MethodsNumber.integers, .bool: MethodsNumber.integers,
            .float: MethodsNumber.floats, .slice: MethodsSlice.table, .generator: generators,
            .function: CallableNames.functions,
            .type: CallableNames.types, .structType: CallableNames.types, .enumType: CallableNames.types,
            .exceptionType: CallableNames.types,
        ],
        typeMembers: [
            .dict: ["fromkeys": .method(MethodsDict.fromKeys)],
            .string: ["maketrans": .method(MethodsString.makeTranslation)],
            .bytes: [
                "fromhex": .method(MethodsBytes.fromHex), "maketrans": .method(MethodsBytes.makeTranslation),
            ],
            .int: ["from_bytes": .method(MethodsNumber.fromBytes)],
            .float: ["fromhex": .method(MethodsNumber.fromHex)],
        ],
        exceptionMembers: MethodsException.exceptions,
        enumMembers: MethodsException.enumMembers,
        constructors: BuiltinsConversions.constructors,
        modules: [
            ModulesMath.module, ModulesJSON.module, ModulesIteration.module, ModulesText.module,
            ModulesStatistics.module, ModulesRandom.module, ModulesTime.module, ModulesHTTP.module,
        ],
        blockedNames: BlockedNames.all,
        prelude: PreludeCore.source,
        str: BuiltinsText.str, repr: BuiltinsText.repr, ascii: BuiltinsText.ascii, format: BuiltinsText.format)

    private static let generators = Member.table(methods: [
        NativeFunction(
            "generator.send", [.receiver, NativeParameter("value")], "Goes on with a value, and gives the next item.",
            action: .generatorSend),
        NativeFunction(
            "generator.throw",
            [
                .receiver, NativeParameter("exception"), NativeParameter("value", default: .null),
                NativeParameter("traceback", default: .null),
            ], "Goes on with an exception, or one of a kind made with a value, and gives the next item.",
            action: .generatorThrow),
        NativeFunction("generator.close", [.receiver], "Ends the generator.", action: .generatorClose),
    ])
}
