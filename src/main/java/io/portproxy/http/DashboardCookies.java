package io.portproxy.http;

/**
 * Finds the session cookies of PortProxy dashboards in a {@code Cookie} field, so that targets do not get them. A
 * browser that is logged in to a dashboard on this machine sends the cookie to every port of the host (RFC 6265 section
 * 8.5). The cookie is useless without the secret that belongs to it, but targets do not need it.
 */
final class DashboardCookies {
    /** The start of a cookie's name; the dashboard's port follows. The default of {@code server.servlet.session.cookie.name}. */
    private static final String PREFIX = "portproxy-";

    private DashboardCookies() {}

    /** Receives each range to leave out. */
    interface Dropper {
        void drop(int from, int to);
    }

    /**
     * Passes the ranges to leave out to {@code dropper}, in order. A range is one such cookie with a separator, or the
     * whole line if no other cookie is in it.
     *
     * @param line where the field's line begins
     * @param colon where its name ends
     * @param end where its CR is, which LF follows
     */
    static void drop(byte[] bytes, int line, int colon, int end, Dropper dropper) {
        int own = count(bytes, colon + 1, end, true);
        if (own > 0 && count(bytes, colon + 1, end, false) == 0) {
            dropper.drop(line, end + 2);
            return;
        }
        boolean kept = false;
        for (int from = colon + 1; own > 0 && from <= end; ) {
            int to = pairEnd(bytes, from, end);
            if (!isDashboards(bytes, from, to)) {
                kept = true;
            } else if (kept) {
                dropper.drop(from - 1, to); // with the semicolon before it
            } else {
                dropper.drop(from, Math.min(to + 1, end));
            }
            from = to + 1;
        }
    }

    private static int count(byte[] bytes, int first, int end, boolean dashboards) {
        int count = 0;
        for (int from = first; from <= end; ) {
            int to = pairEnd(bytes, from, end);
            count += isDashboards(bytes, from, to) == dashboards ? 1 : 0;
            from = to + 1;
        }
        return count;
    }

    private static int pairEnd(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end && bytes[i] != ';') {
            i++;
        }
        return i;
    }

    private static boolean isDashboards(byte[] bytes, int from, int to) {
        int name = from;
        while (name < to && Ascii.isBlank(bytes[name])) {
            name++;
        }
        int port = name + PREFIX.length();
        if (port >= to || !Ascii.equal(bytes, name, port, PREFIX)) {
            return false;
        }
        int i = port;
        while (i < to && bytes[i] >= '0' && bytes[i] <= '9') {
            i++;
        }
        int digits = i - port;
        while (i < to && Ascii.isBlank(bytes[i])) {
            i++;
        }
        return digits > 0 && i < to && bytes[i] == '=';
    }
}
