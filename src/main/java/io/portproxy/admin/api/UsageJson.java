package io.portproxy.admin.api;

import io.portproxy.usage.Span;
import io.portproxy.usage.UsageRow;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What has come to ports and hosts.
 *
 * @param kept whether it is kept over restarts; otherwise it is what has come since the start of the process
 * @param items the rows of this page, the oldest first
 * @param page the page's number, from 0
 * @param size how many rows a page has, at most
 * @param total how many rows all pages have together
 */
@Schema(name = "Usage")
record UsageJson(boolean kept, List<Row> items, int page, int size, int total) {

    /**
     * What has come in one hour, day or month. There is no row for one in which nothing came.
     *
     * @param begins its beginning
     * @param ends its end, which is the beginning of the next one
     * @param remote the remote's name; {@code (others)} for all that had no room of their own; null where it is the sum of all
     * @param port the exposed address or the host; null where it is the sum of several
     * @param bytesIn bytes that came from users
     * @param bytesOut bytes that came for users
     * @param connections users' connections that were carried, and sessions of datagrams
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
