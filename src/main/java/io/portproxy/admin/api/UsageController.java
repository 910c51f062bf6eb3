package io.portproxy.admin.api;

import io.portproxy.admin.problem.BadParameterException;
import io.portproxy.admin.problem.BusyException;
import io.portproxy.usage.Usage;
import io.portproxy.usage.UsageQuery;
import io.portproxy.usage.UsageRow;
import io.portproxy.usage.UsageStore;
import io.portproxy.usage.UsageUnavailableException;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The usage of each port and host, by hour, day and month. Only a proxy server has usage. */
@RestController
@RequestMapping(path = "/api/v1")
class UsageController {
    private static final int MAX_SIZE = 1000;
    private static final int ROWS_A_READ = 1000;

    private final Optional<Usage> usage;

    UsageController(Optional<Usage> usage) {
        this.usage = usage;
    }

    /**
     * Lists the usage, one page at a time. The oldest hour, day or month is first. The usage of the last second may be missing.
     *
     * @param by the length of the periods: {@code hour}, {@code day} or {@code month}, all in UTC
     * @param from only hours, days or months that begin at this time or later, as in {@code 2026-01-31T12:00:00Z} or
     *     {@code 2026-01-31}; it is rounded down to the beginning of its hour, day or month. Default: two days of
     *     hours, 90 days, or two years of months
     * @param to only hours, days or months that begin before this time. Default: now
     * @param per what gets a row of its own: each {@code port}, each {@code remote}, or the whole {@code server}
     * @param remote only the usage of the remote with this name
     * @param port only the usage of this exposed address, port number (also one within a range) or host
     * @param page which page to return, from 0
     * @param size how many rows a page has, 1 to 1000
     */
    @GetMapping(path = "usage", produces = "application/json")
    UsageJson getUsage(
            @RequestParam(defaultValue = "day") String by,
            @RequestParam Optional<String> from,
            @RequestParam Optional<String> to,
            @RequestParam(defaultValue = "port") String per,
            @RequestParam Optional<String> remote,
            @RequestParam Optional<String> port,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "100") int size) {
        UsageQuery query = UsageParameters.query(by, from, to, per, remote, port, Instant.now());
        if (page < 0) {
            throw new BadParameterException("page", "page is " + page + "; write 0 or more");
        } else if (size < 1 || size > MAX_SIZE) {
            throw new BadParameterException("size", "size is " + size + "; write 1 to " + MAX_SIZE);
        } else if (usage.isEmpty()) {
            return new UsageJson(false, List.of(), page, size, 0);
        }
        try {
            UsageStore.Found found = usage.get().find(query, (long) page * size, size);
            return new UsageJson(
                    usage.get().isKept(),
                    found.rows().stream()
                            .map(row -> UsageJson.Row.of(query.by(), row))
                            .toList(),
                    page,
                    size,
                    found.total());
        } catch (UsageUnavailableException e) {
            throw unavailable(e);
        }
    }

    /**
     * Lists the usage as CSV (RFC 4180), all rows in one answer. A text that a spreadsheet would read as a formula gets an
     * apostrophe in front.
     *
     * @param by the length of the periods: {@code hour}, {@code day} or {@code month}, all in UTC
     * @param from only hours, days or months that begin at this time or later, as in {@code 2026-01-31T12:00:00Z} or
     *     {@code 2026-01-31}; it is rounded down to the beginning of its hour, day or month. Default: two days of
     *     hours, 90 days, or two years of months
     * @param to only hours, days or months that begin before this time. Default: now
     * @param per what gets a row of its own: each {@code port}, each {@code remote}, or the whole {@code server}
     * @param remote only the usage of the remote with this name
     * @param port only the usage of this exposed address, port number (also one within a range) or host
     */
    @GetMapping(path = "usage.csv", produces = "text/csv")
    @ApiResponse(
            responseCode = "200",
            description = "A line with the names of the columns, then one line for each row.",
            content =
                    @Content(
                            mediaType = "text/csv",
                            schema = @Schema(type = "string"),
                            examples = @ExampleObject(UsageCsv.HEAD)))
    void getUsageAsCsv(
            @RequestParam(defaultValue = "day") String by,
            @RequestParam Optional<String> from,
            @RequestParam Optional<String> to,
            @RequestParam(defaultValue = "port") String per,
            @RequestParam Optional<String> remote,
            @RequestParam Optional<String> port,
            HttpServletResponse answer)
            throws IOException {
        UsageQuery query = UsageParameters.query(by, from, to, per, remote, port, Instant.now());
        List<UsageRow> rows = rowsAfter(
                query, Optional.empty()); // before the answer begins, so that a failure gets a problem as its answer
        answer.setContentType("text/csv");
        answer.setCharacterEncoding("UTF-8");
        answer.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                "attachment; filename=\"usage-by-" + query.by().key() + ".csv\"");
        PrintWriter writer = answer.getWriter();
        writer.write(UsageCsv.HEAD);
        while (!rows.isEmpty()) {
            for (UsageRow row : rows) {
                writer.write(UsageCsv.line(query.by(), row));
            }
            rows = rows.size() < ROWS_A_READ || writer.checkError() // the caller has gone
                    ? List.of()
                    : rowsAfter(query, Optional.of(rows.get(rows.size() - 1)));
        }
    }

    private List<UsageRow> rowsAfter(UsageQuery query, Optional<UsageRow> after) {
        try {
            return usage.map(there -> there.findAfter(query, after, ROWS_A_READ))
                    .orElse(List.of());
        } catch (UsageUnavailableException e) {
            throw unavailable(e);
        }
    }

    private static BusyException unavailable(UsageUnavailableException e) {
        return new BusyException("usage cannot be read now: " + e.getMessage());
    }
}
