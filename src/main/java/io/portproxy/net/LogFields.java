package io.portproxy.net;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.MDC;

/**
 * What a log line is about, as fields of SLF4J's MDC, so that structured logs can be searched by it. The line says the
 * same in words. To be made only for a line that is logged; not thread-safe.
 */
public final class LogFields {
    private final Map<String, String> fields = new LinkedHashMap<>();

    /** Of a remote; empty where it is not known. */
    public static LogFields remote(String name) {
        return new LogFields().with("remote", name);
    }

    /** Of an exposed port and whoever uses it. */
    public static LogFields port(String address) {
        return new LogFields().with("port", address);
    }

    /** The exposed address; empty where it is not known. */
    public LogFields andPort(String address) {
        return with("port", address);
    }

    /** The stream's identity as people see it. */
    public LogFields andIdentity(String identity) {
        return with("identity", identity);
    }

    /** The reason's key, as in {@code user_reset}. */
    public LogFields andReason(String reason) {
        return with("reason", reason);
    }

    private LogFields with(String key, String value) {
        if (!value.isEmpty()) {
            fields.put(key, value);
        }
        return this;
    }

    /** Logs a line, or several. */
    public void log(Runnable line) {
        fields.forEach(MDC::put);
        try {
            line.run();
        } finally {
            fields.keySet().forEach(MDC::remove);
        }
    }
}
