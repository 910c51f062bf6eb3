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
 * The pages and what they are made of. Everybody may have them: they are empty without a login, which a browser cannot show
 * before its page is there. A browser keeps them, and asks each time whether they are still the same (RFC 9111, section 4.3).
 * Their tag is of their content: a file's date is not to be trusted, as all files of a reproducible build have the same.
 */
public final class StaticFiles {
    /** Where they are. */
    static final String[] PATTERNS = {
        "/", "/index.html", "/swagger-ui.html", Browser.LOGIN, "/login.html", "/assets/**", "/webjars/**"
    };

    private StaticFiles() {}

    /** Everything else is of one moment, and of one user. */
    static HeaderWriter caching() {
        RequestMatcher files = new OrRequestMatcher(Arrays.stream(PATTERNS)
                .<RequestMatcher>map(PathPatternRequestMatcher.withDefaults()::matcher)
                .toList());
        return (request, response) -> response.setHeader(
                HttpHeaders.CACHE_CONTROL,
                request.getMethod().equals("POST") || !files.matches(request) ? "no-store" : "no-cache");
    }

    /**
     * Weak tags, as the web server compresses nothing with a strong one. A page that a short path is forwarded to gets its tag
     * there: behind a forward Tomcat takes no more of the answer.
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
