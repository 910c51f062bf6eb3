package io.portproxy.admin.security;

import io.portproxy.protocol.Printable;
import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** The audit log: who has changed something, and what. */
public final class AuditLog {
    /** The logger of all audit lines, by which operators can filter them or send them elsewhere. */
    static final String LOGGER = "io.portproxy.audit";

    private static final Logger log = LoggerFactory.getLogger(LOGGER);
    private static final int MAX_CHARACTERS = 2000;

    private AuditLog() {}

    /** Logs a change that this process has made because somebody has changed a file. */
    public static void fileDid(String what) {
        log.info("a file: {}", Printable.of(what, MAX_CHARACTERS));
    }

    /** Logs a change that the store has saved although its request was answered with an error. The request's own line says who sent it. */
    public static void storeDid(String what) {
        log.info("saved late by the store: {}", Printable.of(what, MAX_CHARACTERS));
    }

    /** Logs a change that the sender of a request has made. */
    public static void did(HttpServletRequest request, String what) {
        Authentication who = SecurityContextHolder.getContext().getAuthentication();
        log.info(
                "{} from {}: {}",
                who == null ? "nobody" : AuditFilter.printable(who.getName()),
                request.getRemoteAddr(),
                Printable.of(what, MAX_CHARACTERS));
    }
}
