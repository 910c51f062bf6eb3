package io.portproxy.admin.security;

import io.portproxy.protocol.Printable;
import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** The log of who has done what. */
public final class AuditLog {
    /** What its lines can be found by, and sent elsewhere. */
    static final String LOGGER = "io.portproxy.audit";

    private static final Logger log = LoggerFactory.getLogger(LOGGER);
    private static final int MAX_CHARACTERS = 2000;

    private AuditLog() {}

    /** A file that somebody has changed has done something, through this process. */
    public static void fileDid(String what) {
        log.info("a file: {}", Printable.of(what, MAX_CHARACTERS));
    }

    /** The store has kept what somebody had asked for, who was told that it had not: by whom it was is in the line of that request. */
    public static void storeDid(String what) {
        log.info("the store, late: {}", Printable.of(what, MAX_CHARACTERS));
    }

    /** Who has sent a request has done something. */
    public static void did(HttpServletRequest request, String what) {
        Authentication who = SecurityContextHolder.getContext().getAuthentication();
        log.info(
                "{} from {}: {}",
                who == null ? "nobody" : AuditFilter.printable(who.getName()),
                request.getRemoteAddr(),
                Printable.of(what, MAX_CHARACTERS));
    }
}
