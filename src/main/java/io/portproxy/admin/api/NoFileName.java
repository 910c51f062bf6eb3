package io.portproxy.admin.api;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Removes the file name {@code f.txt} that Spring adds to answers whose path looks like a file's name, as a path with a
 * host does. Spring adds it for browsers that guess the type of an answer. PortProxy's answers do not need it: they are
 * JSON, and forbid guessing ({@code X-Content-Type-Options}).
 */
public final class NoFileName extends OncePerRequestFilter {
    private static final String SPRINGS = "inline;filename=f.txt";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, new Answer(response));
    }

    /** Filters asynchronous answers as well. */
    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }

    private static final class Answer extends HttpServletResponseWrapper {
        Answer(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void setHeader(String name, String value) {
            if (passes(name, value)) {
                super.setHeader(name, value);
            }
        }

        @Override
        public void addHeader(String name, String value) {
            if (passes(name, value)) {
                super.addHeader(name, value);
            }
        }

        private static boolean passes(String name, String value) {
            return !(HttpHeaders.CONTENT_DISPOSITION.equalsIgnoreCase(name) && SPRINGS.equals(value));
        }
    }
}
