/// The look of every page: its head, its style and its frame.
enum HTMLPage {
  static func text(title: String, header: HTML, main: HTML) -> String {
    let style = String(decoding: PackageResources.report_css, as: UTF8.self)
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(HTML(title).markup)</title>
      <style>
      \(style)</style>
      </head>
      <body>
      <svg width="0" height="0" aria-hidden="true" style="position:absolute"><defs>\
      <pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse">\
      <path class="hatch" d="M0 8L8 0"/></pattern></defs></svg>
      <header>\(header.markup)</header>
      <main>\(main.markup)</main>
      </body>
      </html>

      """
  }
}
