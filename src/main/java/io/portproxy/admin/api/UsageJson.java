package io.portproxy.admin.api;

import io.portproxy.usage.Span;
import io.portproxy.usage.UsageRow;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The usage of ports and hosts.
 *
 * @param kept whether usage is kept over restarts; otherwise it is counted from the start of the process
 * @param items the rows of this page, the oldest first
 * @param page the page's number, from 0
 * @param size how many rows a page has, at most
 * @param total how many rows all pages have together
 */
@Schema(name = "Usage")
record UsageJson(boolean kept, List<Row> items, int page, int size, int total) {

    /**
     * The usage in one hour, day or month. A period without usage has no row.
     *
     * @param begins when the period begins
     * @param ends when the period ends, and the next one begins
     * @param remote the remote's name; {@code (others)} for the sum of all that did not get a row of their own; null if
     *     the row is the sum of all
     * @param port the exposed address or the host; null if the row is the sum of several
     * @param bytesIn bytes from users
     * @param bytesOut bytes for users
     * @param connections users' connections that were carried, and UDP sessions
     * @param refused users who were refused
     */
    @Schema(name = "UsageRow")
    record Row(
            Instant begins,
            Instant ends,
            Optional<String> remote,
            Optional<String> port,
            long bytesIn,
            long bytesOut,
            long connections,
            long refused) {
        static Row of(Span span, UsageRow row) {
            return new Row(
                    row.begins(),
                    span.end(row.begins()),
                    Optional.of(row.key().remote()).filter(name -> !name.isEmpty()),
                    Optional.of(row.key().port()).filter(name -> !name.isEmpty()),
                    row.amounts().bytesIn(),
                    row.amounts().bytesOut(),
                    row.amounts().connections(),
                    row.amounts().refused());
        }
    }
}
