// What a completed job hands out, of whichever type it is.

import { graphql } from "./api.js";

export const JOB_RESULTS = graphql`
  query DashboardJobResults($id: ID!) {
    job(id: $id) {
      results {
        __typename
        ... on PdfResults {
          assets
          targetDir
          warnings
          structuredData {
            extractedText
            templateFields
            transformedText
            templateFilling {
              ...DashboardFilling
            }
            tables {
              page
              rows
            }
            metadata {
              pageCount
              title
              author
              subject
              keywords
              creator
              producer
              creationDate
              modificationDate
              pdfVersion
              encrypted
              fileSize
              sha256
              textContents {
                page
                content
                method
                engine
                confidence
                reason
              }
              failedPages {
                page
                code
                message
              }
            }
          }
        }
        ... on TransformerResults {
          targetDir
          warnings
          transformedText
          templateFields
          structuredData {
            sourceLanguage
            targetLanguage
            source {
              kind
              url
              title
            }
            filling {
              ...DashboardFilling
            }
          }
        }
        ... on SessionResults {
          assets
          targetDir
          warnings
          markdownFile
          markdownContent
          webText
          videoTranscript
          attachments {
            url
            name
            pageCount
            error
            pages {
              page
              text
              preview
              image
            }
          }
          structuredData {
            event
            session
            track
            title
            day
            starttime
            endtime
            place
            speakers
            description
            url
            videoUrl
            sourceLanguage
            language
            translated
            templateFields
            transcript {
              source
              language
              provider
              model
              url
              fromCache
            }
            filling {
              ...DashboardFilling
            }
          }
        }
        ... on CustomResults {
          data
        }
      }
    }
  }

  fragment DashboardFilling on TemplateFilling {
    template
    provider
    generated
    model
    unfilled
    places
    notes
    translated
    usage {
      requests
      inputTokens
      outputTokens
      seconds
    }
  }
`;
