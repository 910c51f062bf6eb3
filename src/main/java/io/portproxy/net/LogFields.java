package io.portproxy.net;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.MDC;

/**
 * The subject of a log line, as fields of SLF4J's MDC, so that structured logs can be searched by it. The line says the
 * same in words. Create it only for a line that is logged. Not thread-safe.
 */
public final class LogFields {
    private final Map<String, String> fields = new LinkedHashMap<>();

    /** Creates the fields for a remote; the name is empty where it is not known. */
    public static LogFields remote(String name) {
        return new LogFields().with("remote", name);
    }

    /** Creates the fields for an exposed port. */
    public static LogFields port(String address) {
        return new LogFields().with("port", address);
    }

    /** Adds the exposed address; empty where it is not known. */
    public LogFields andPort(String address) {
        return with("port", address);
    }

    /** Adds the stream's identity as people see it. */
    public LogFields andIdentity(String identity) {
        return with("identity", identity);
    }

    /** Adds the reason's key, as in {@code user_reset}. */
    public LogFields andReason(String reason) {
        return with("reason", reason);
    }

    private LogFields with(String key, String value) {
        if (!value.isEmpty()) {
            fields.put(key, value);
        }
        return this;
    }

    /** Logs one or several lines with these fields. */
    public void log(Runnable line) {
        fields.forEach(MDC::put);
        try {
            line.run();
        } finally {
            fields.keySet().forEach(MDC::remove);
        }
    }
}
