package io.portproxy.admin.api;

import io.portproxy.usage.Span;
import io.portproxy.usage.UsageRow;

/** Usage as lines of CSV (RFC 4180). */
final class UsageCsv {
    static final String HEAD = "begins,ends,remote,port,bytes_in,bytes_out,connections,refused\r\n";

    private UsageCsv() {}

    static String line(Span span, UsageRow row) {
        return row.begins()
                + ","
                + span.end(row.begins())
                + ","
                + text(row.key().remote())
                + ","
                + text(row.key().port())
                + ","
                + row.amounts().bytesIn()
                + ","
                + row.amounts().bytesOut()
                + ","
                + row.amounts().connections()
                + ","
                + row.amounts().refused()
                + "\r\n";
    }

    /** Returns a field. If a spreadsheet would take it for a formula, it begins with an apostrophe, which marks it as text. */
    static String text(String value) {
        String safe = !value.isEmpty() && "=+-@\t\r\n".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
        boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return quoted ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
    }
}
