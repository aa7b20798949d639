extension PriceTable {
  /// The pricing file that comes inside the program, with its comments: for who wants to start from it.
  ///
  /// In the repository it is `pricing/huggingface.yaml`; this module links to it and carries its bytes in code,
  /// as a program that looked for a file beside itself could not be moved.
  public static let builtInText = String(decoding: PackageResources.huggingface_yaml, as: UTF8.self)

  /// The file name under which ``builtInText`` is written out.
  public static let builtInFileName = "huggingface.yaml"

  /// The table of ``builtInText``.
  public static let builtIn = read([(name: builtInFileName, text: builtInText)]).table

  /// The JSON Schema of pricing files (draft 2020-12), by which editors complete and check them.
  public static let jsonSchema = String(decoding: PackageResources.pricing_schema_json, as: UTF8.self)
}
