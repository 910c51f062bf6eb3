package io.portproxy.server.exposed;

import io.portproxy.http.ErrorPages;

/**
 * What all hosts and ports share.
 *
 * @param pages what people get in place of our own pages
 * @param log where requests are written down
 * @param limits how many users may wait, and for how long
 * @param answers those that are answered by the server itself
 * @param bans whose connections are refused at once
 */
public record WebServices(ErrorPages pages, AccessLog log, WebLimits limits, OwnAnswers answers, Bans bans) {
    /** Pages of our own, and no log. */
    public static final WebServices NONE = new WebServices(ErrorPages.none(), new AccessLog(AccessLog.Format.NONE));

    /** With the usual limits. */
    public WebServices(ErrorPages pages, AccessLog log) {
        this(pages, log, WebLimits.DEFAULT);
    }

    /** With bans. */
    public WebServices(ErrorPages pages, AccessLog log, WebLimits limits, Bans bans) {
        this(pages, log, limits, new OwnAnswers(limits), bans);
    }

    /** With limits of its own, and without bans. */
    public WebServices(ErrorPages pages, AccessLog log, WebLimits limits) {
        this(pages, log, limits, Bans.NONE);
    }
}
