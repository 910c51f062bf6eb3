package io.portproxy.server.exposed.user;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access log: writes requests to the logger {@value #LOGGER}, on a thread of its own, so that a slow disk does not
 * delay the loops. Requests that do not fit into the queue are dropped and counted. Any thread.
 */
public final class AccessLog {
    /** The logger's name. */
    public static final String LOGGER = "io.portproxy.access";

    private static final Logger log = LoggerFactory.getLogger(LOGGER);
    private static final int MOST_WAITING = 8_192;
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** The format of a line. */
    public enum Format {
        /** No access log. */
        NONE,
        /** The combined format of web servers, with further fields at the end. */
        COMBINED,
        /** A JSON object. */
        JSON
    }

    /**
     * A finished request.
     *
     * @param at when its head was complete
     * @param user the address that it came from
     * @param request what the user asked for
     * @param route the host or port that it came by; {@code -} if none
     * @param remote the remote's name; {@code -} if it was for no remote
     * @param answer how it was answered
     */
    record Entry(Instant at, String user, Request request, String route, String remote, Answer answer) {}

    /**
     * What a user asked for, as the user wrote it. What there was none of is {@code -}.
     *
     * @param line method, target and version; {@code -} if the server could not read them
     * @param referer the page that led to the request
     * @param agent the user's program
     * @param host the host that the request named
     */
    record Request(String line, String referer, String agent, String host) {}

    /**
     * How a request was answered.
     *
     * @param status the status of the answer; 0 if there was none
     * @param bytes the bytes of the answer's body, including its framing
     * @param took the time from the request's complete head until it was finished
     * @param complete whether the answer was complete
     */
    record Answer(int status, long bytes, Duration took, boolean complete) {
        private String ending() {
            return complete ? "complete" : "cut";
        }

        private String seconds() {
            return String.format(Locale.ROOT, "%.3f", took.toNanos() / 1e9);
        }
    }

    private final Format format;
    private final LongAdder lost = new LongAdder();
    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1, 1, IDLE.toNanos(), TimeUnit.NANOSECONDS, new LinkedBlockingQueue<>(MOST_WAITING), task -> {
                Thread thread = new Thread(task, "access-log");
                thread.setDaemon(true);
                return thread;
            });

    public AccessLog(Format format) {
        this.format = format;
        executor.allowCoreThreadTimeOut(true);
    }

    /** Whether requests are written. */
    boolean isOn() {
        return format != Format.NONE;
    }

    /** The number of requests that were dropped because there were too many at a time. */
    public long lost() {
        return lost.sum();
    }

    void write(Entry entry) {
        try {
            executor.execute(() -> log.info("{}", format == Format.JSON ? json(entry) : combined(entry)));
        } catch (RejectedExecutionException e) {
            lost.increment();
        }
    }

    static String combined(Entry entry) {
        Request request = entry.request;
        Answer answer = entry.answer;
        return entry.user + " - - [" + TIME.format(entry.at) + "] \"" + escaped(request.line) + "\" " + answer.status
                + " " + answer.bytes + " \"" + escaped(request.referer) + "\" \"" + escaped(request.agent) + "\" \""
                + escaped(request.host) + "\" \"" + escaped(entry.route) + "\" \"" + escaped(entry.remote) + "\" "
                + answer.seconds() + " " + answer.ending();
    }

    static String json(Entry entry) {
        Request request = entry.request;
        Answer answer = entry.answer;
        return "{\"time\":\"" + entry.at + "\",\"user\":\"" + entry.user + "\",\"request\":\"" + quoted(request.line)
                + "\",\"status\":" + answer.status + ",\"bytes\":" + answer.bytes + ",\"referer\":\""
                + quoted(request.referer) + "\",\"agent\":\"" + quoted(request.agent) + "\",\"host\":\""
                + quoted(request.host) + "\",\"route\":\"" + quoted(entry.route) + "\",\"remote\":\""
                + quoted(entry.remote) + "\",\"seconds\":" + answer.seconds() + ",\"end\":\"" + answer.ending()
                + "\"}";
    }

    /** Escapes a text, so that no character from a user can end the line or a quoted field. */
    private static String escaped(String text) {
        return escaped(text, "\\x%02x");
    }

    private static String quoted(String text) {
        return escaped(text, "\\u%04x");
    }

    private static String escaped(String text, String other) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                out.append(c);
            } else {
                out.append(String.format(Locale.ROOT, other, (int) c));
            }
        }
        return out.toString();
    }
}
