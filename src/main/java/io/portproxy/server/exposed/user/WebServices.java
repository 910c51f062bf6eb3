package io.portproxy.server.exposed.user;

import io.portproxy.http.ErrorPages;

/**
 * The services that all hosts and ports share.
 *
 * @param pages the operator's own error pages
 * @param log the access log
 * @param limits how many users may wait, and for how long
 * @param answers the users whom the server itself answers
 * @param bans the addresses whose connections are refused at once
 */
public record WebServices(ErrorPages pages, AccessLog log, WebLimits limits, OwnAnswers answers, Bans bans) {
    /** The default pages, no log and no bans. */
    public static final WebServices NONE = new WebServices(ErrorPages.none(), new AccessLog(AccessLog.Format.NONE));

    /** Creates services with the default limits and without bans. */
    public WebServices(ErrorPages pages, AccessLog log) {
        this(pages, log, WebLimits.DEFAULT);
    }

    /** Creates services with bans. */
    public WebServices(ErrorPages pages, AccessLog log, WebLimits limits, Bans bans) {
        this(pages, log, limits, new OwnAnswers(limits), bans);
    }

    /** Creates services without bans. */
    public WebServices(ErrorPages pages, AccessLog log, WebLimits limits) {
        this(pages, log, limits, Bans.NONE);
    }
}
