package io.portproxy.admin.security;

import jakarta.servlet.DispatcherType;
import java.util.Arrays;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/**
 * The pages of the dashboard and their files. Everybody may read them: they contain no data, and a browser cannot show
 * the login form before it has the page. A browser caches them and revalidates them each time (RFC 9111, section 4.3).
 * Their entity tag comes from their content, as all files of a reproducible build have the same date.
 */
public final class StaticFiles {
    /** The paths of the files. */
    static final String[] PATTERNS = {
        "/", "/index.html", "/swagger-ui.html", Browser.LOGIN, "/login.html", "/assets/**", "/webjars/**"
    };

    private StaticFiles() {}

    /** Sets {@code Cache-Control}. Caches must not store any other answer, as it depends on the time and the user. */
    static HeaderWriter caching() {
        RequestMatcher files = new OrRequestMatcher(Arrays.stream(PATTERNS)
                .<RequestMatcher>map(PathPatternRequestMatcher.withDefaults()::matcher)
                .toList());
        return (request, response) -> response.setHeader(
                HttpHeaders.CACHE_CONTROL,
                request.getMethod().equals("POST") || !files.matches(request) ? "no-store" : "no-cache");
    }

    /**
     * Returns the filter that adds entity tags. The tags are weak, because the web server does not compress answers
     * with a strong tag. When a short path is forwarded to a page, the page's request sets the tag: after a forward,
     * Tomcat accepts no more of the answer.
     */
    public static FilterRegistrationBean<ShallowEtagHeaderFilter> tags() {
        ShallowEtagHeaderFilter filter = new ShallowEtagHeaderFilter();
        filter.setWriteWeakETag(true);
        FilterRegistrationBean<ShallowEtagHeaderFilter> bean = new FilterRegistrationBean<>(filter);
        bean.setUrlPatterns(Arrays.stream(PATTERNS)
                .filter(pattern -> pattern.endsWith(".html") || pattern.endsWith("/**"))
                .map(pattern -> pattern.replace("/**", "/*"))
                .toList());
        bean.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.FORWARD);
        return bean;
    }
}
