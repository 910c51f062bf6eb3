package io.portproxy.server.exposed;

import io.portproxy.http.ErrorPages;

/**
 * What all hosts and ports share.
 *
 * @param pages what people get in place of our own pages
 * @param log where requests are written down
 * @param bans whose connections are refused at once
 */
public record WebServices(ErrorPages pages, AccessLog log, Bans bans) {
    /** Without bans. */
    public WebServices(ErrorPages pages, AccessLog log) {
        this(pages, log, Bans.NONE);
    }

    /** Pages of our own, and no log. */
    public static final WebServices NONE = new WebServices(ErrorPages.none(), new AccessLog(AccessLog.Format.NONE));
}
