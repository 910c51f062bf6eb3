package io.portproxy.server.exposed;

import io.portproxy.http.ErrorPages;

/**
 * What all hosts and ports of {@code type: http} share.
 *
 * @param pages what people get in place of our own pages
 * @param log where requests are written down
 */
public record WebServices(ErrorPages pages, AccessLog log) {
    /** Pages of our own, and no log. */
    public static final WebServices NONE = new WebServices(ErrorPages.none(), new AccessLog(AccessLog.Format.NONE));
}
